/**
 * What everyone takes, and what people with these features take: the model that every other has to beat, and the answer
 * to someone of whom nothing is known.
 */
import { z } from "zod";
import { parseOptions, refuse } from "../checks.ts";
import type { Interactions } from "../dataset.ts";
import type { Model, ModelFamily, Term } from "../model.ts";
import { parametersOf, sectionOf } from "../serialize.ts";
import { rowOf, type SparseMatrix, type SparseRow } from "../sparse.ts";
import { contentSimilarities } from "./content.ts";
import { checkCancelled, checkVersion, createModel } from "./create-model.ts";
import { type Knowledge, type Memory, pairsOf, readMemory, remember } from "./memory.ts";

export interface PopularityOptions {
  /** Whether people are compared with those who share their features (a segment is a feature). @default false */
  readonly bySegment?: boolean | undefined;
  /** After this time an interaction counts half, in ms; needs times. @default undefined: nothing fades */
  readonly halfLife?: number | undefined;
  /** How many interactions a segment needs to be heard as loudly as everyone together. @default 50 */
  readonly prior?: number | undefined;
}

const KIND = "popularity";
const VERSION = 1;

const Parameters = z.object({
  bySegment: z.boolean(),
  halfLife: z.number().positive().optional(),
  prior: z.number().nonnegative(),
  /** The time at which the counts are what they are, in ms. */
  countedAt: z.number().optional(),
  segmentCount: z.int().nonnegative(),
});
type Parameters = z.infer<typeof Parameters>;

const Options = z.strictObject({
  bySegment: z.boolean().default(false),
  halfLife: z.number().positive().optional(),
  prior: z.number().nonnegative().max(1e12).default(50),
});

interface Counts {
  /** By item. */
  readonly overall: Float64Array;
  /** By segment and item. */
  readonly segments: Float64Array;
}

export const popularity: ModelFamily<PopularityOptions> = {
  kind: KIND,
  fit: async (dataset, options = {}, training = {}) => {
    const { bySegment, halfLife, prior } = parseOptions(Options, options, KIND);
    const memory = remember(dataset);
    checkCancelled(training);
    if (halfLife !== undefined && dataset.interactions.times === undefined)
      refuse("A half-life needs to know when interactions were: give them times, or leave it out.");
    const segmentCount = bySegment ? (memory.userFeatures?.columnCount ?? 0) : 0;
    const parameters = { bySegment, halfLife, prior, segmentCount, countedAt: latestOf(dataset.interactions) };
    const counts = emptyCounts(memory, parameters);
    addCounts(counts, dataset.interactions, memory, parameters);
    return create(memory, counts, parameters);
  },
  read: (container) => {
    checkVersion(container, VERSION);
    const [memory, parameters] = [readMemory(container), parametersOf(container, Parameters)];
    const itemCount = memory.history.columnCount;
    const counts = {
      overall: sectionOf(container, "overall", Float64Array, itemCount),
      segments: sectionOf(container, "segments", Float64Array, parameters.segmentCount * itemCount),
    };
    return create(memory, counts, parameters);
  },
};

const emptyCounts = ({ history }: Memory, { segmentCount }: Parameters): Counts => ({
  overall: new Float64Array(history.columnCount),
  segments: new Float64Array(segmentCount * history.columnCount),
});

function latestOf({ times }: Interactions): number | undefined {
  if (times === undefined || times.length === 0) return undefined;
  return times.reduce((newest, time) => Math.max(newest, time), -Infinity);
}

/** What remains of a count after some time. */
const fading = (elapsed: number, halfLife: number | undefined): number =>
  halfLife === undefined ? 1 : 2 ** (-elapsed / halfLife);

function addCounts(counts: Counts, interactions: Interactions, memory: Memory, parameters: Parameters): void {
  const { users, items, weights, times } = interactions;
  const { countedAt = 0, halfLife, segmentCount } = parameters;
  const itemCount = counts.overall.length;
  const features = segmentCount > 0 ? memory.userFeatures : undefined;
  for (let index = 0; index < users.length; index++) {
    const item = items[index] ?? 0;
    const weight = (weights[index] ?? 0) * fading(countedAt - (times?.[index] ?? countedAt), halfLife);
    counts.overall[item] = (counts.overall[item] ?? 0) + weight;
    for (const segment of segmentsOf(features, users[index] ?? 0)) {
      const place = segment * itemCount + item;
      counts.segments[place] = (counts.segments[place] ?? 0) + weight;
    }
  }
}

const segmentsOf = (features: SparseMatrix | undefined, user: number): Int32Array =>
  features === undefined ? new Int32Array() : rowOf(features, user).columns;

/** The counts of before, faded to a later time and with room for new items and segments. */
function grow(before: Counts, into: Counts, factor: number): void {
  const oldCount = before.overall.length;
  const newCount = into.overall.length;
  into.overall.set(before.overall.map((count) => count * factor));
  for (let segment = 0; segment * oldCount < before.segments.length; segment++) {
    const row = before.segments.subarray(segment * oldCount, (segment + 1) * oldCount);
    into.segments.set(
      row.map((count) => count * factor),
      segment * newCount,
    );
  }
}

function create(memory: Memory, counts: Counts, parameters: Parameters): Model {
  const { itemCount, base, lifts } = tablesOf(counts, parameters);
  const share = (features: SparseRow): number =>
    1 / Math.max(1, [...pairsOf(features)].filter(([column]) => column < parameters.segmentCount).length);
  const segmentsIn = ({ features }: Knowledge): readonly number[] =>
    [...features.columns].filter((column) => column < parameters.segmentCount);
  return createModel({
    kind: KIND,
    version: VERSION,
    memory,
    parameters,
    addScores: (knowledge, into) => {
      into.set(base);
      for (const segment of segmentsIn(knowledge)) {
        const weight = share(knowledge.features);
        for (let item = 0; item < itemCount; item++) {
          into[item] = (into[item] ?? 0) + weight * (lifts[segment * itemCount + item] ?? 0);
        }
      }
    },
    terms: (knowledge, item) => [
      { source: "popularity", index: item, contribution: base[item] ?? 0 },
      ...segmentsIn(knowledge).map((segment): Term => ({
        source: "user-feature",
        index: segment,
        contribution: share(knowledge.features) * (lifts[segment * itemCount + item] ?? 0),
      })),
    ],
    similarities: (item) => contentSimilarities(memory.itemFeatures, item) ?? Float32Array.from(counts.overall),
    learn: async (extended, added, training) => {
      checkCancelled(training);
      const segmentCount = parameters.bySegment ? (extended.userFeatures?.columnCount ?? 0) : 0;
      const countedAt = later(parameters.countedAt, latestOf(added.interactions));
      const next = { ...parameters, segmentCount, countedAt };
      const total = emptyCounts(extended, next);
      grow(counts, total, fading((countedAt ?? 0) - (parameters.countedAt ?? countedAt ?? 0), parameters.halfLife));
      addCounts(total, added.interactions, extended, next);
      return create(extended, total, next);
    },
    sections: () => ({ overall: counts.overall, segments: counts.segments }),
  });
}

function later(left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined || right === undefined ? (right ?? left) : Math.max(left, right);
}

/** Logarithms of shares: of each item with everyone, and how much more or less it is in each segment. */
function tablesOf(counts: Counts, { prior, segmentCount }: Parameters) {
  const itemCount = counts.overall.length;
  const total = counts.overall.reduce((sum, count) => sum + count, 0);
  const shares = counts.overall.map((count) => (count + 1) / (total + itemCount));
  const lifts = new Float32Array(segmentCount * itemCount);
  for (let segment = 0; segment < segmentCount; segment++) {
    const row = counts.segments.subarray(segment * itemCount, (segment + 1) * itemCount);
    const size = row.reduce((sum, count) => sum + count, 0);
    for (let item = 0; item < itemCount; item++) {
      const expected = shares[item] ?? 1;
      const smoothed = ((row[item] ?? 0) + prior * expected) / (size + prior);
      // Without a prior what a segment never took is impossible there: as far down as one in a million.
      lifts[segment * itemCount + item] = Math.log(Math.max(1e-6, (smoothed || 0) / expected));
    }
  }
  return { itemCount, base: Float32Array.from(shares, Math.log), lifts };
}
