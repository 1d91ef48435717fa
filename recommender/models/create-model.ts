/** Makes a model of the parts in which the models of this folder differ. */
import type { Dataset } from "../dataset.ts";
import { RecommenderError } from "../errors.ts";
import type { Model, Term, Training } from "../model.ts";
import { type Container, type Section, writeContainer } from "../serialize.ts";
import { type Ranking, topItems } from "../top-k.ts";
import { scoreByContent } from "./content.ts";
import { extend, type Knowledge, knowledgeOf, type Memory, memorySections } from "./memory.ts";

/** What one kind of model does its own way. */
export interface ModelParts {
  readonly kind: string;
  readonly version: number;
  readonly memory: Memory;
  /** Adds the scores of a subject to zeros. */
  readonly addScores: (knowledge: Knowledge, into: Float32Array) => void;
  /** The parts of one score, in any order. */
  readonly terms: (knowledge: Knowledge, item: number) => readonly Term[];
  /** How near each item is to this one. */
  readonly similarities: (item: number) => Float32Array;
  /** Trains again with what the memory has become; `added` is the new data alone. */
  readonly learn: (memory: Memory, added: Dataset, training: Training) => Promise<Model>;
  readonly parameters: unknown;
  readonly sections: () => Readonly<Record<string, Section>>;
}

/** The model of these parts. */
export function createModel(parts: ModelParts): Model {
  const { kind, version, memory, parameters } = parts;
  const { rowCount: userCount, columnCount: itemCount } = memory.history;
  const scoresOf = (knowledge: Knowledge, into: Float32Array = new Float32Array(itemCount)): Float32Array => {
    into.fill(0);
    parts.addScores(knowledge, into);
    return into;
  };
  return {
    kind,
    userCount,
    itemCount,
    scores: (subject, into) => scoresOf(knowledgeOf(memory, subject), into),
    scoreNewItem: (subject, features) =>
      scoreByContent(scoresOf(knowledgeOf(memory, subject)), memory.itemFeatures, features),
    similarItems: (item, count) => nearest(parts.similarities(checkItem(item, itemCount)), item, count),
    explain: (subject, item) =>
      parts
        .terms(knowledgeOf(memory, subject), checkItem(item, itemCount))
        .filter(({ contribution }) => contribution !== 0)
        .toSorted((left, right) => Math.abs(right.contribution) - Math.abs(left.contribution)),
    fitPartial: async (dataset, training = {}) => {
      checkGrowth(dataset, memory);
      return await parts.learn(extend(memory, dataset), dataset, training);
    },
    save: () =>
      writeContainer({ kind, version, parameters, sections: { ...memorySections(memory), ...parts.sections() } }),
  };
}

function nearest(similarities: Float32Array, item: number, count: number): Ranking {
  const { items, scores } = topItems(similarities, count, [item]);
  const related = scores.findIndex((score) => score <= 0);
  return related < 0 ? { items, scores } : { items: items.slice(0, related), scores: scores.slice(0, related) };
}

function checkItem(item: number, itemCount: number): number {
  if (Number.isInteger(item) && item >= 0 && item < itemCount) return item;
  throw new RecommenderError(
    "recommender/out-of-range",
    `Item ${item} was asked for; the model has ${itemCount} items.`,
  );
}

function checkGrowth({ interactions }: Dataset, { history }: Memory): void {
  if (interactions.userCount >= history.rowCount && interactions.itemCount >= history.columnCount) return;
  throw new RecommenderError(
    "recommender/invalid-data",
    `Further data has ${interactions.userCount} users and ${interactions.itemCount} items, the model ` +
      `${history.rowCount} and ${history.columnCount}: rows may be added behind, never taken away.`,
  );
}

/**
 * Refuses a file of another version of a kind.
 * @throws RecommenderError `recommender/unsupported-file`
 */
export function checkVersion({ kind, version }: Container, readable: number): void {
  if (version === readable) return;
  throw new RecommenderError(
    "recommender/unsupported-file",
    `The model of kind "${kind}" has version ${version}; this one reads ${readable}. Train it again.`,
  );
}

/**
 * Ends a training that was called off.
 * @throws RecommenderError `recommender/cancelled`
 */
export function checkCancelled({ signal }: Training): void {
  if (signal?.aborted === true) {
    throw new RecommenderError("recommender/cancelled", "Training was called off; nothing was changed.", {
      cause: signal.reason,
    });
  }
}

/** Lets other work run (and an abort arrive) between the steps of a long training. */
export async function breathe(training: Training): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
  checkCancelled(training);
}
