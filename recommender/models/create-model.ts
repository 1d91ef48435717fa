/** Makes a model of the parts in which the models of this folder differ. */
import type { Dataset } from "../dataset.ts";
import { defineModel } from "../define-model.ts";
import { RecommenderError } from "../errors.ts";
import type { Model, Subject, Term, Training } from "../model.ts";
import { type Container, type Section, writeContainer } from "../serialize.ts";
import { scoreByContent } from "./content.ts";
import { extend, historyCosines, type Knowledge, knowledgeOf, type Memory, memorySections } from "./memory.ts";

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
  const { history, userFeatures, itemFeatures } = memory;
  const scores = (subject: Subject, into: Float32Array): Float32Array => {
    into.fill(0);
    parts.addScores(knowledgeOf(memory, subject), into);
    return into;
  };
  return defineModel({
    kind,
    userCount: history.rowCount,
    itemCount: history.columnCount,
    userFeatureCount: userFeatures?.columnCount ?? 0,
    itemFeatureCount: itemFeatures?.columnCount ?? 0,
    scores,
    scoreNewItem: (subject, features) =>
      scoreByContent(scores(subject, new Float32Array(history.columnCount)), itemFeatures, features),
    itemSimilarities: parts.similarities,
    userSimilarities: (user) => historyCosines(history, user),
    explain: (subject, item) =>
      parts
        .terms(knowledgeOf(memory, subject), item)
        .filter(({ contribution }) => contribution !== 0)
        .toSorted((left, right) => Math.abs(right.contribution) - Math.abs(left.contribution)),
    fitPartial: async (dataset, training) => await parts.learn(extend(memory, dataset), dataset, training),
    save: () =>
      writeContainer({ kind, version, parameters, sections: { ...memorySections(memory), ...parts.sections() } }),
  });
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
