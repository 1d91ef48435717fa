/** Reading a model whose kind only its file knows. */
import { RecommenderError } from "./errors.ts";
import { requireList, requireObject } from "./checks.ts";
import type { Model, ModelFamily } from "./model.ts";
import { readContainer } from "./serialize.ts";

/**
 * Reads what a model's `save` wrote.
 * @param families the kinds that may come
 * @throws RecommenderError `recommender/foreign-file`, `recommender/corrupt-file`, `recommender/unsupported-file`
 */
export function loadModel(bytes: Uint8Array, families: readonly Pick<ModelFamily<never>, "kind" | "read">[]): Model {
  const container = readContainer(bytes);
  requireFamilies(families);
  const family = families.find(({ kind }) => kind === container.kind);
  if (family === undefined) {
    throw new RecommenderError(
      "recommender/unsupported-file",
      `The model is of kind "${container.kind}"; these can be read: ${families.map(({ kind }) => kind).join(", ") || "none"}.`,
    );
  }
  return family.read(container);
}

/** @throws RecommenderError `recommender/invalid-data` */
export function requireFamilies(families: readonly Pick<ModelFamily<never>, "kind" | "read">[]): void {
  requireList(families, "The families that may come");
  for (const family of families) requireObject(family, "A family of models", ["read"]);
}
