/** Reading a model whose kind only its file knows. */
import { RecommenderError } from "./errors.ts";
import type { Model, ModelFamily } from "./model.ts";
import { readContainer } from "./serialize.ts";

/**
 * Reads what a model's `save` wrote.
 * @param families the kinds that may come
 * @throws RecommenderError `recommender/foreign-file`, `recommender/corrupt-file`, `recommender/unsupported-file`
 */
export function loadModel(bytes: Uint8Array, families: readonly Pick<ModelFamily<never>, "kind" | "read">[]): Model {
  const container = readContainer(bytes);
  const family = families.find(({ kind }) => kind === container.kind);
  if (family === undefined) {
    throw new RecommenderError(
      "recommender/unsupported-file",
      `The model is of kind "${container.kind}"; these can be read: ${families.map(({ kind }) => kind).join(", ")}.`,
    );
  }
  return family.read(container);
}
