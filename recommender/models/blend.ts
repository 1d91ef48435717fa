/**
 * Several models as one: the weighted sum of their scores, each brought to mean 0 and deviation 1 over the items of a
 * subject, so that models of different units can be added. Models that err in different places err less together.
 */
import { z } from "zod";
import { RecommenderError } from "../errors.ts";
import { loadModel } from "../load.ts";
import type { Model, ModelFamily, Subject, Term } from "../model.ts";
import { type Container, sectionOf, writeContainer } from "../serialize.ts";
import { type Ranking, topItems } from "../top-k.ts";
import { checkVersion } from "./create-model.ts";

export interface BlendMember {
  readonly model: Model;
  readonly weight: number;
}

type Reader = Pick<ModelFamily<never>, "kind" | "read">;

const KIND = "blend";
const VERSION = 1;

const Parameters = z.object({ weights: z.array(z.number()).min(1) });

/**
 * One model of several that were trained on the same data.
 * @throws RecommenderError `recommender/invalid-data` for no members, or members of different size
 */
export function blend(members: readonly BlendMember[]): Model {
  const [first] = members;
  if (first === undefined || members.some(({ model }) => model.itemCount !== first.model.itemCount)) {
    throw new RecommenderError(
      "recommender/invalid-data",
      `A blend needs models of the same items; these have ${members.map(({ model }) => model.itemCount).join(", ")}.`,
    );
  }
  const { userCount, itemCount } = first.model;
  const buffer = new Float32Array(itemCount);
  return {
    kind: KIND,
    userCount,
    itemCount,
    scores: (subject, into = new Float32Array(itemCount)) => {
      into.fill(0);
      for (const { model, weight } of members) {
        const scores = model.scores(subject, buffer);
        addScaled(scores, { ...scaleOf(scores), weight }, into);
      }
      return into;
    },
    scoreNewItem: (subject, features) => {
      const scores = members.map(({ model, weight }) => {
        const score = model.scoreNewItem(subject, features);
        const { mean, scale } = scaleOf(model.scores(subject, buffer));
        return score === undefined ? undefined : weight * (score - mean) * scale;
      });
      const known = scores.filter((score) => score !== undefined);
      return known.length === 0 ? undefined : known.reduce((sum, score) => sum + score, 0);
    },
    similarItems: (item, count) => similarItems(members, item, { count, itemCount }),
    explain: (subject, item) => explain(members, subject, item),
    fitPartial: async (dataset, training) => {
      const next: BlendMember[] = [];
      for (const { model, weight } of members) next.push({ model: await model.fitPartial(dataset, training), weight });
      return blend(next);
    },
    save: () =>
      writeContainer({
        kind: KIND,
        version: VERSION,
        parameters: { weights: members.map(({ weight }) => weight) },
        sections: Object.fromEntries(members.map(({ model }, index) => [`member-${index}`, model.save()])),
      }),
  };
}

/** Reads blends of these families. */
export const blendReader = (families: readonly Reader[]): Reader => ({
  kind: KIND,
  read: (container: Container) => {
    checkVersion(container, VERSION);
    const { weights } = Parameters.parse(container.parameters);
    return blend(
      weights.map((weight, index) => ({
        weight,
        model: loadModel(sectionOf(container, `member-${index}`, Uint8Array), families),
      })),
    );
  },
});

function addScaled(
  scores: Float32Array,
  { mean, scale, weight }: { readonly mean: number; readonly scale: number; readonly weight: number },
  into: Float32Array,
): void {
  const factor = weight * scale;
  for (let item = 0; item < into.length; item++) {
    into[item] = (into[item] ?? 0) + factor * ((scores[item] ?? 0) - mean);
  }
}

/** What brings scores to mean 0 and deviation 1; equal scores say nothing and become 0. */
function scaleOf(scores: Float32Array): { readonly mean: number; readonly scale: number } {
  let sum = 0;
  let squares = 0;
  for (const score of scores) {
    sum += score;
    squares += score * score;
  }
  const mean = sum / scores.length;
  const variance = squares / scores.length - mean * mean;
  return { mean, scale: variance > 1e-12 ? 1 / Math.sqrt(variance) : 0 };
}

function similarItems(
  members: readonly BlendMember[],
  item: number,
  { count, itemCount }: { readonly count: number; readonly itemCount: number },
): Ranking {
  const total = new Float32Array(itemCount);
  for (const { model, weight } of members) {
    const { items, scores } = model.similarItems(item, itemCount);
    const best = scores[0] ?? 1;
    for (const [place, other] of items.entries()) {
      total[other] = (total[other] ?? 0) + (weight * (scores[place] ?? 0)) / best;
    }
  }
  const { items, scores } = topItems(total, count, [item]);
  const end = scores.findIndex((score) => score <= 0);
  return end < 0 ? { items, scores } : { items: items.slice(0, end), scores: scores.slice(0, end) };
}

function explain(members: readonly BlendMember[], subject: Subject, item: number): readonly Term[] {
  const merged = new Map<string, Term>();
  for (const { model, weight } of members) {
    const factor = weight * scaleOf(model.scores(subject)).scale;
    for (const { source, index, contribution } of model.explain(subject, item)) {
      const key = `${source} ${index}`;
      const before = merged.get(key)?.contribution ?? 0;
      merged.set(key, { source, index, contribution: before + factor * contribution });
    }
  }
  return [...merged.values()].toSorted((left, right) => Math.abs(right.contribution) - Math.abs(left.contribution));
}
