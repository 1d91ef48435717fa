/** What a version of the recommender is on disk: the model, the model for newcomers, and the names of what they know. */
import { z } from "zod";
import {
  compressRows,
  type Container,
  createVocabulary,
  families,
  loadModel,
  matrixSections,
  type Model,
  readContainer,
  readMatrix,
  RecommenderError,
  sectionOf,
  type SparseMatrix,
  type Vocabulary,
  writeContainer,
} from "parleyjs-recommender";
import { type Evidence, SEEN_ENOUGH } from "../data/evidence.ts";
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
  /** What reasons may be told, and which products are still new. */
  readonly evidence: Evidence;
}

const KIND = "parley-recommendations";
const FORMAT = 1;

const Parameters = z.object({
  summary: Summary,
  products: z.array(z.string()),
  userFeatures: z.array(z.string()),
  itemFeatures: z.array(z.string()),
  /** Absent in versions of before there was evidence. */
  choosers: z.int().nonnegative().optional(),
});

/** As bytes with a checksum. */
export function writeBundle(bundle: Bundle): Uint8Array {
  const { summary, model, popularity, products, userFeatures, itemFeatures, itemMatrix, evidence } = bundle;
  const parameters: z.input<typeof Parameters> = {
    summary,
    products: [...products.names()],
    userFeatures: [...userFeatures.names()],
    itemFeatures: [...itemFeatures.names()],
    choosers: evidence.people,
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
      seen: evidence.seen,
      chosen: evidence.chosen,
      "choosers-by": evidence.choosersBy,
      ...matrixSections("chosen-by", evidence.chosenBy),
      ...matrixSections("together", evidence.together),
    },
  });
}

/**
 * Reads what `writeBundle` wrote. Throws `recommender/foreign-file`, `recommender/corrupt-file` or
 * `recommender/unsupported-file`.
 */
export function readBundle(bytes: Uint8Array): Bundle {
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
    itemMatrix: {
      rowCount: products.length,
      columnCount: itemFeatures.length,
      offsets: sectionOf(container, "items/offsets", Int32Array),
      columns: sectionOf(container, "items/columns", Int32Array),
      values: sectionOf(container, "items/values", Float32Array),
    },
    evidence: readEvidence(container, parsed.data),
  };
}

/** Of a version without evidence nothing is said, and all that it knows counts as seen. */
function readEvidence(
  container: Container,
  { products, userFeatures, choosers }: z.output<typeof Parameters>,
): Evidence {
  const [items, features] = [products.length, userFeatures.length];
  if (choosers === undefined) {
    const nothing = (rowCount: number): SparseMatrix =>
      compressRows({ rowCount, columnCount: items, rows: [], columns: [] });
    return {
      people: 0,
      seen: new Int32Array(items).fill(SEEN_ENOUGH),
      chosen: new Int32Array(items),
      choosersBy: new Int32Array(features),
      chosenBy: nothing(features),
      together: nothing(items),
    };
  }
  return {
    people: choosers,
    seen: sectionOf(container, "seen", Int32Array, items),
    chosen: sectionOf(container, "chosen", Int32Array, items),
    choosersBy: sectionOf(container, "choosers-by", Int32Array, features),
    chosenBy: readMatrix(container, "chosen-by"),
    together: readMatrix(container, "together"),
  };
}
