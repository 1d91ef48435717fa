/**
 * Several models as one: the weighted sum of their scores, each brought to mean 0 and deviation 1 over the items of a
 * subject, so that models of different units can be added. Models that err in different places err less together.
 */
import { z } from "zod";
import { isUsable, LARGEST, refuse, requireCount, requireFinite, requireList, requireObject } from "../checks.ts";
import { defineModel } from "../define-model.ts";
import { loadModel, requireFamilies } from "../load.ts";
import type { Model, ModelFamily, Subject, Term } from "../model.ts";
import { type Container, parametersOf, sectionOf, writeContainer } from "../serialize.ts";
import { checkVersion } from "./create-model.ts";

export interface BlendMember {
  readonly model: Model;
  readonly weight: number;
}

type Reader = Pick<ModelFamily<never>, "kind" | "read">;

const KIND = "blend";
const VERSION = 1;

const Parameters = z.strictObject({ weights: z.array(z.number()).min(1) });

/**
 * One model of several that were trained on the same data.
 * @throws RecommenderError `recommender/invalid-data` for no members, members of different size, weights that are no
 *   numbers above 0
 */
export function blend(members: readonly BlendMember[]): Model {
  const { userCount, itemCount, userFeatureCount, itemFeatureCount } = requireMembers(members);
  const buffer = new Float32Array(itemCount);
  return defineModel({
    kind: KIND,
    userCount,
    itemCount,
    userFeatureCount,
    itemFeatureCount,
    scores: (subject, into) => {
      into.fill(0);
      for (const { model, weight } of members) {
        const scores = model.scores(subject, buffer);
        addScaled(scores, { ...scaleOf(scores), weight }, into);
      }
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
    itemSimilarities: (item) =>
      together(members, itemCount, ({ model }) => {
        const { items, scores } = model.similarItems(item, itemCount);
        return { places: items, scores };
      }),
    userSimilarities: (user) =>
      together(members, userCount, ({ model }) => {
        const { users, scores } = model.similarUsers(user, userCount);
        return { places: users, scores };
      }),
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
  });
}

function requireMembers(members: readonly BlendMember[]): Model {
  requireList(members, "Members of a blend");
  for (const member of members) {
    requireObject(member, "A member of a blend");
    requireObject(member.model, "The model of a member", ["scores", "similarItems", "similarUsers", "explain", "save"]);
    requireCount(member.model.itemCount, "The number of items of a member");
    requireCount(member.model.userCount, "The number of users of a member");
  }
  const [first] = members;
  if (first === undefined) return refuse("A blend needs models of the same items; none was given.");
  for (const { model, weight } of members) {
    requireFinite(weight, "The weight of a blend's member");
    if (weight <= 0 || !isUsable(weight)) {
      refuse(`The weight of a blend's member is ${weight}; it must be above 0 and at most ${LARGEST.toExponential()}.`);
    }
    if (model.itemCount === first.model.itemCount && model.userCount === first.model.userCount) continue;
    refuse(
      `A blend needs models of the same items and users; these have users and items: ` +
        `${members.map((one) => `${one.model.userCount} and ${one.model.itemCount}`).join(", ")}.`,
    );
  }
  return first.model;
}

/** Reads blends of these families. */
export function blendReader(families: readonly Reader[]): Reader {
  requireFamilies(families);
  return {
    kind: KIND,
    read: (container: Container) => {
      checkVersion(container, VERSION);
      const { weights } = parametersOf(container, Parameters);
      return blend(
        weights.map((weight, index) => ({
          weight,
          model: loadModel(sectionOf(container, `member-${index}`, Uint8Array), families),
        })),
      );
    },
  };
}

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

/** Nearness by each member, its own best counting 1. */
function together(
  members: readonly BlendMember[],
  count: number,
  nearestOf: (member: BlendMember) => { readonly places: Int32Array; readonly scores: Float32Array },
): Float32Array {
  const total = new Float32Array(count);
  for (const member of members) {
    const { places, scores } = nearestOf(member);
    const best = scores[0] ?? 1;
    for (const [at, other] of places.entries()) {
      total[other] = (total[other] ?? 0) + (member.weight * (scores[at] ?? 0)) / best;
    }
  }
  return total;
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
