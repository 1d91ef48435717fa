/** Collects what each person did, while interactions are read: who, with what, how strongly, when. */
import type { Interaction } from "../../../core/store/interactions/index.ts";
import {
  createInteractions,
  createVocabulary,
  type Interactions,
  limitInfluence,
  type Vocabulary,
} from "parleyjs-recommender";
import { createEvidence } from "./evidence.ts";
import { addToSketch, emptySketch, type Sketch } from "./features.ts";
import { growingList } from "./growing-list.ts";
import { actOf, isChoice, weightOf } from "./weights.ts";

/** How much one person may count: with one product, and in all. */
const INFLUENCE = { perPair: 10, perUser: 60 };
/** Somebody who only looks and never chooses counts this much in all: a look is not a choice, however often. */
const MOST_OF_A_LOOKER = 3;
/** All of one source who only look count at most so many times what everybody else does. */
const MOST_OF_A_SOURCE = 3;
/** With fewer others there is nothing to hold a source against. */
const FEWEST_OTHERS = 30;
/** What a look is worth against a choice in what is called popular. */
const LOOK_SHARE = 0.1;

export interface Collected {
  readonly interactions: Interactions;
  /** When each pair of these first happened: a pair may go on for long. */
  readonly firstTimes: Float64Array;
  /** The same pairs as what is popular counts them: choices first. */
  readonly choices: Interactions;
  readonly sketches: readonly Sketch[];
}

/** Makes the collector. `identityOf` says who is one person under several ids. */
export function createPeople(items: Vocabulary, now: number, identityOf: (userId: string) => string) {
  const people = createVocabulary();
  const sketches: Sketch[] = [];
  const sources: string[] = [];
  const evidence = createEvidence(items);
  const [users, columns] = [growingList(Int32Array), growingList(Int32Array)];
  const [weights, choices] = [growingList(Float32Array), growingList(Float32Array)];
  const times = growingList(Float64Array);
  /** What speaks against a product, by person and product: few have any. */
  const against = new Map<number, number>();
  return {
    evidence,
    add: (interaction: Interaction): void => {
      const user = people.add(identityOf(interaction.userId));
      const sketch = (sketches[user] ??= emptySketch());
      sources[user] ??= interaction.source;
      addToSketch(sketch, interaction);
      evidence.add(user, interaction);
      const weight = weightOf(interaction, now);
      if (weight === 0) return;
      const share = isChoice(actOf(interaction)) ? 1 : LOOK_SHARE;
      for (const product of interaction.productIds) {
        const item = items.add(product);
        const pair = user * items.size() + item;
        if (weight < 0) against.set(pair, (against.get(pair) ?? 0) - weight);
        else {
          users.add(user);
          columns.add(item);
          weights.add(weight);
          choices.add(share);
          times.add(Date.parse(interaction.timestamp));
        }
      }
    },
    take: (): Collected => {
      const shares = choices.view();
      const left = takeAgainst(users.view(), columns.view(), weights.view(), { against, itemCount: items.size() });
      const all = createInteractions({
        userCount: people.size(),
        itemCount: items.size(),
        users: users.view(),
        items: columns.view(),
        weights: left,
        times: times.view(),
      });
      return { ...collected(all, shares, { sources, hasChosen: evidence.hasChosen }), sketches };
    },
  };
}

interface Lookers {
  /** Where each user came from first. */
  readonly sources: readonly string[];
  readonly hasChosen: (user: number) => boolean;
}

/** Everything within its limits. */
function collected(all: Interactions, shares: Float32Array, lookers: Lookers): Omit<Collected, "sketches"> {
  const interactions = limitInfluence(all, INFLUENCE);
  limitLookers(interactions, lookers);
  const popular = all.weights.map((weight, at) => weight * (shares[at] ?? 1));
  const reversed = limitInfluence({ ...all, times: all.times?.map((time) => -time) });
  const firstTimes = (reversed.times ?? new Float64Array()).map((time) => -time);
  return {
    ...positive(interactions, firstTimes),
    choices: positive(limitInfluence({ ...all, weights: popular }, INFLUENCE)).interactions,
  };
}

/** What speaks against a product takes from what speaks for it, the earliest first. */
function takeAgainst(
  users: Int32Array,
  items: Int32Array,
  weights: Float32Array,
  { against, itemCount }: { readonly against: Map<number, number>; readonly itemCount: number },
): Float32Array {
  if (against.size === 0) return weights;
  return weights.map((weight, index) => {
    const pair = (users[index] ?? 0) * itemCount + (items[index] ?? 0);
    const left = against.get(pair);
    if (left === undefined) return weight;
    against.set(pair, Math.max(0, left - weight));
    return Math.max(0, weight - left);
  });
}

/** The pairs of which something is left. */
function positive(
  { users, items, weights, times, ...counts }: Interactions,
  firstTimes: Float64Array = new Float64Array(),
): { readonly interactions: Interactions; readonly firstTimes: Float64Array } {
  const isLeft = (_: number, place: number): boolean => (weights[place] ?? 0) > 0;
  return {
    firstTimes: firstTimes.filter(isLeft),
    interactions: {
      ...counts,
      users: users.filter(isLeft),
      items: items.filter(isLeft),
      weights: weights.filter(isLeft),
      times: times?.filter(isLeft),
    },
  };
}

/** Brings whoever only looks within the limits, one by one and by source; in place. */
function limitLookers({ users, weights, userCount }: Interactions, { sources, hasChosen }: Lookers): void {
  const totals = new Float64Array(userCount);
  for (const [index, user] of users.entries()) totals[user] = (totals[user] ?? 0) + (weights[index] ?? 0);
  const factors = totals.map((total, user) => (hasChosen(user) ? 1 : Math.min(1, MOST_OF_A_LOOKER / (total || 1))));
  const limited = totals.map((total, user) => total * (factors[user] ?? 1));
  const all = limited.reduce((sum, weight) => sum + weight, 0);
  for (const lookers of bySource({ sources, hasChosen }).values()) {
    const own = lookers.reduce((sum, user) => sum + (limited[user] ?? 0), 0);
    if (userCount - lookers.length < FEWEST_OTHERS || own === 0) continue;
    const share = Math.min(1, (MOST_OF_A_SOURCE * (all - own)) / own);
    for (const user of lookers) factors[user] = (factors[user] ?? 1) * share;
  }
  for (const [index, user] of users.entries()) weights[index] = (weights[index] ?? 0) * (factors[user] ?? 1);
}

/** Users who only look, by where they came from. */
function bySource({ sources, hasChosen }: Lookers): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const [user, source] of sources.entries()) {
    if (hasChosen(user)) continue;
    const others = found.get(source);
    if (others === undefined) found.set(source, [user]);
    else others.push(user);
  }
  return found;
}
