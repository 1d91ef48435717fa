/** Finds the product that somebody means by a name that is short, misspelt or in another order. */
import { isNear } from "../../../core/language/misspelt.ts";
import type { Product } from "./product.ts";

export type Resolved =
  | { readonly kind: "found"; readonly product: Product }
  | { readonly kind: "ambiguous"; readonly candidates: readonly Product[] }
  | { readonly kind: "unknown" };

/** The least share of tokens that must agree, and how close a second product must be to make a name ambiguous. */
const LEAST_AGREEMENT = 0.5;
const TIE = 0.03;
const MOST_CANDIDATES = 5;
const LONGEST_NAME = 200;

const FILLERS = new Set("the a an your my of for and product der die das ein eine".split(" "));

/** Makes a resolver for these products. Ids and whole names win; else rare words of a name count more than common ones. */
export function createNameResolver(products: readonly Product[]): (said: string) => Resolved {
  const entries = products.map((product) => ({
    product,
    keys: new Set([product.id, tokensOf(product.name).join(" "), tokensOf(product.id).join(" ")]),
    tokens: [...new Set([...tokensOf(product.name), ...tokensOf(product.id)])],
    name: tokensOf(product.name),
  }));
  const frequency = new Map<string, number>();
  for (const { tokens } of entries) for (const token of tokens) frequency.set(token, (frequency.get(token) ?? 0) + 1);
  const weight = (token: string): number => Math.log(1 + products.length / (frequency.get(token) ?? 0.5));
  return (said) => {
    const wanted = tokensOf(said.slice(0, LONGEST_NAME));
    const key = wanted.join(" ");
    const exact = entries.find(({ keys }) => keys.has(said.trim()) || keys.has(key));
    if (exact !== undefined) return { kind: "found", product: exact.product };
    const scored = entries
      .map(({ product, tokens, name }) => ({ product, score: agreement(wanted, tokens, name, weight) }))
      .filter(({ score }) => score >= LEAST_AGREEMENT)
      .toSorted((left, right) => right.score - left.score);
    const [best] = scored;
    if (best === undefined) return { kind: "unknown" };
    const tied = scored.filter(({ score }) => score >= best.score - TIE);
    if (tied.length === 1) return { kind: "found", product: best.product };
    return { kind: "ambiguous", candidates: tied.slice(0, MOST_CANDIDATES).map(({ product }) => product) };
  };
}

/** Harmonic mean of the shares, by weight, of what was said and of the name that agree. */
function agreement(
  wanted: readonly string[],
  tokens: readonly string[],
  name: readonly string[],
  weight: (token: string) => number,
): number {
  const share = (of: readonly string[], within: readonly string[]): number => {
    const all = of.reduce((sum, token) => sum + weight(token), 0);
    const agreed = of.filter((token) => within.some((other) => isSame(token, other)));
    return all === 0 ? 0 : agreed.reduce((sum, token) => sum + weight(token), 0) / all;
  };
  const said = share(wanted, tokens);
  const meant = share(name, wanted);
  return said + meant === 0 ? 0 : (2 * said * meant) / (said + meant);
}

function tokensOf(text: string): readonly string[] {
  const words =
    text
      .normalize("NFKD")
      .replaceAll(/\p{M}/gu, "")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.filter((word) => !FILLERS.has(word)).map((word) => (word.length > 3 ? word.replace(/s$/, "") : word));
}

/** Long words may differ by one letter; figures never. */
function isSame(left: string, right: string): boolean {
  if (left === right) return true;
  if (Math.min(left.length, right.length) < 5 || /\d/.test(left + right)) return false;
  return isNear(left, right, 1);
}
