/** What a version of the recommender is on disk: the model, the model for newcomers, and the names of what they know. */
import { z } from "zod";
import {
  type Container,
  createVocabulary,
  loadModel,
  type Model,
  type ModelFamily,
  readContainer,
  RecommenderError,
  sectionOf,
  type SparseMatrix,
  type Vocabulary,
  writeContainer,
} from "../../../recommender/index.ts";
import { Summary } from "./summary.ts";

/** A version, ready to serve. It holds no person: who asks is described by history and features. */
export interface Bundle {
  readonly summary: Summary;
  readonly model: Model;
  /** Popularity by segment: for newcomers, where the model itself knows nothing about them. */
  readonly popularity: Model;
  readonly products: Vocabulary;
  readonly userFeatures: Vocabulary;
  readonly itemFeatures: Vocabulary;
  readonly itemMatrix: SparseMatrix;
}

export type Families = readonly Pick<ModelFamily<never>, "kind" | "read">[];

const KIND = "parley-recommendations";
const FORMAT = 1;

const Parameters = z.object({
  summary: Summary,
  products: z.array(z.string()),
  userFeatures: z.array(z.string()),
  itemFeatures: z.array(z.string()),
});

/** As bytes with a checksum. */
export function writeBundle(bundle: Bundle): Uint8Array {
  const { summary, model, popularity, products, userFeatures, itemFeatures, itemMatrix } = bundle;
  const parameters: z.input<typeof Parameters> = {
    summary,
    products: [...products.names()],
    userFeatures: [...userFeatures.names()],
    itemFeatures: [...itemFeatures.names()],
  };
  return writeContainer({
    kind: KIND,
    version: FORMAT,
    parameters,
    sections: {
      model: model.save(),
      popularity: popularity.save(),
      "items/offsets": itemMatrix.offsets,
      "items/columns": itemMatrix.columns,
      "items/values": itemMatrix.values,
    },
  });
}

/**
 * Reads what `writeBundle` wrote. Throws `recommender/foreign-file`, `recommender/corrupt-file` or
 * `recommender/unsupported-file`.
 */
export function readBundle(bytes: Uint8Array, families: Families): Bundle {
  const container = readContainer(bytes);
  if (container.kind !== KIND || container.version !== FORMAT) {
    throw new RecommenderError(
      "recommender/unsupported-file",
      `The file holds "${container.kind}" in version ${container.version}, not "${KIND}" in version ${FORMAT}. Train again.`,
    );
  }
  const parsed = Parameters.safeParse(container.parameters);
  if (!parsed.success) throw new RecommenderError("recommender/corrupt-file", "The version's names cannot be read.");
  const { summary, products, userFeatures, itemFeatures } = parsed.data;
  return {
    summary,
    model: loadModel(sectionOf(container, "model", Uint8Array), families),
    popularity: loadModel(sectionOf(container, "popularity", Uint8Array), families),
    products: createVocabulary(products),
    userFeatures: createVocabulary(userFeatures),
    itemFeatures: createVocabulary(itemFeatures),
    itemMatrix: readItems(container, products.length, itemFeatures.length),
  };
}

function readItems(container: Container, rowCount: number, columnCount: number): SparseMatrix {
  return {
    rowCount,
    columnCount,
    offsets: sectionOf(container, "items/offsets", Int32Array),
    columns: sectionOf(container, "items/columns", Int32Array),
    values: sectionOf(container, "items/values", Float32Array),
  };
}
