/** What the catalogue is called: products, their kinds, and what people say of themselves and of risk. */
import { ownParts } from "../../core/language/index.ts";
import type { PackLanguage } from "../../core/read-pack-language.ts";
import type { NamedEntity } from "../../core/teaching.ts";
import type { Product } from "./catalogue/product.ts";

/** By kind: `product`, `product-kind`, `customer-kind`, `risk`. */
export function catalogueEntities(
  products: readonly Product[],
  names: PackLanguage["names"],
): () => Promise<readonly NamedEntity[]> {
  const parts = ownParts(products.map(({ name }) => name));
  const entities: readonly NamedEntity[] = [
    ...products.map(({ id, name, aliases = [] }) => ({
      kind: "product",
      value: id,
      names: [name, ...aliases, ...(parts.get(name) ?? [])],
    })),
    ...namesOf("product-kind", names),
    ...namesOf("customer-kind", names),
    ...namesOf("risk", names).map((one) => ({ ...one, value: Number(one.value) })),
  ];
  return async () => entities;
}

function namesOf(kind: string, names: PackLanguage["names"]): readonly NamedEntity[] {
  return Object.entries(names[kind] ?? {}).map(([value, called]) => ({ kind, value, names: called }));
}
