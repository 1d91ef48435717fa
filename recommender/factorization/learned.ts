/** Everything that a factorization has learned, and how it is kept in a file. */
import { RecommenderError } from "../errors.ts";
import { matrixSections, readFeatures, readMatrix } from "../matrix-sections.ts";
import { type Container, sectionOf, writeContainer } from "../serialize.ts";
import type { SparseMatrix } from "../sparse.ts";
import { columnsOf } from "./features.ts";
import { rowLengthOf } from "./layout.ts";
import { FactorizationOptions, type FactorizationSettings } from "./options.ts";
import type { Tables } from "./workspace.ts";

/** The family's name in files. */
export const KIND = "factorization";
const VERSION = 1;

export interface Learned {
  readonly settings: FactorizationSettings;
  /** Users by items: all that was trained. */
  readonly history: SparseMatrix;
  /** As they were given, without identities. */
  readonly userFeatures: SparseMatrix | undefined;
  readonly itemFeatures: SparseMatrix | undefined;
  readonly tables: Tables;
}

/** As a file. */
export function saveLearned({ settings, history, userFeatures, itemFeatures, tables }: Learned): Uint8Array {
  return writeContainer({
    kind: KIND,
    version: VERSION,
    parameters: settings,
    sections: {
      users: tables.users,
      items: tables.items,
      ...matrixSections("history", history),
      ...(userFeatures === undefined ? {} : matrixSections("user-features", userFeatures)),
      ...(itemFeatures === undefined ? {} : matrixSections("item-features", itemFeatures)),
    },
  });
}

/**
 * From a file.
 * @throws RecommenderError `recommender/unsupported-file`, `recommender/corrupt-file`
 */
export function readLearned(container: Container): Learned {
  // Files of before hold a setting more: which kernel trained them.
  const settings = FactorizationOptions.strip().safeParse(container.parameters);
  if (container.kind !== KIND || container.version !== VERSION || !settings.success) {
    throw new RecommenderError(
      "recommender/unsupported-file",
      `The model is a ${container.kind} of version ${container.version}; this one reads a ${KIND} of version ${VERSION}. ` +
        "Train it again.",
    );
  }
  const history = readMatrix(container, "history");
  const learned = {
    settings: settings.data,
    history,
    userFeatures: readFeatures(container, "user-features", history.rowCount),
    itemFeatures: readFeatures(container, "item-features", history.columnCount),
    tables: { users: sectionOf(container, "users", Float32Array), items: sectionOf(container, "items", Float32Array) },
  };
  checkTable(learned, learned.tables.users, learned.userFeatures, learned.history.rowCount);
  checkTable(learned, learned.tables.items, learned.itemFeatures, learned.history.columnCount);
  return learned;
}

function checkTable(
  { settings }: Learned,
  table: Float32Array,
  features: SparseMatrix | undefined,
  rows: number,
): void {
  const columns = columnsOf(features, settings.identityShare, rows);
  if (table.length === (columns.features + columns.identities) * rowLengthOf(settings)) return;
  throw new RecommenderError("recommender/corrupt-file", "The model's tables are not of the size that its data needs.");
}
