/**
 * Finds out whether models together are better than the best alone: greedy, as in Caruana et al. (2004). Of many blends
 * the best on the validation users is best partly by luck; so one half of them guides the search, and the other, which
 * the search never looks at, decides whether what it found is a gain.
 */
import { pairedDifference } from "../evaluation/bootstrap.ts";
import type { MetricName } from "../evaluation/evaluate.ts";
import type { Model } from "../model.ts";
import { blend } from "../models/blend.ts";
import { measure, objectivePerUser, type Trial, type Tried } from "./try-candidate.ts";

export interface Mixture {
  readonly members: readonly { readonly tried: Tried; readonly weight: number }[];
  readonly measured: Pick<Tried, "known" | "unseen">;
}

const WEIGHTS = [0.25, 0.5, 1, 2];
const MOST_MEMBERS = 3;
/** Only the best few others are tried; the rest has nothing to add. */
const PARTNERS = 5;

/**
 * Starts with the best alone, and with the best of each kind in equal parts (which is hard to beat where validation data
 * is scarce); adds to each the partner and weight that helps most, as long as it helps; takes the better one. A blend
 * costs its members' time at each answer, so that it must gain more than chance over the best alone.
 */
export function searchBlend(
  best: Tried,
  others: readonly Tried[],
  objective: readonly MetricName[],
  trial: Trial,
): Mixture {
  const alone: Mixture = { members: [{ tried: best, weight: 1 }], measured: best };
  const equal = bestOfKinds([best, ...others])
    .slice(1, MOST_MEMBERS)
    .reduce((mixture, tried) => extend(mixture, tried, 1, trial), alone);
  const [first = alone] = [alone, equal]
    .map((start) => climb(start, others, objective, trial))
    .toSorted((left, right) => valueOf(right, objective) - valueOf(left, objective));
  return isGain(first, alone, objective) ? { ...first, measured: measure(blendOf(first.members), trial) } : alone;
}

const blendOf = (members: Mixture["members"]): Model =>
  blend(members.map(({ tried, weight }) => ({ model: tried.model, weight })));

const bestOfKinds = (sorted: readonly Tried[]): readonly Tried[] =>
  sorted.filter(({ model }, place) => sorted.findIndex((other) => other.model.kind === model.kind) === place);

function climb(start: Mixture, others: readonly Tried[], objective: readonly MetricName[], trial: Trial): Mixture {
  let mixture = start;
  while (mixture.members.length < MOST_MEMBERS) {
    const partners = others.filter((other) => mixture.members.every(({ tried }) => tried !== other)).slice(0, PARTNERS);
    const better = partners
      .flatMap((tried) => WEIGHTS.map((weight) => extend(mixture, tried, weight, trial)))
      .toSorted((left, right) => valueOf(right, objective) - valueOf(left, objective))[0];
    if (better === undefined || valueOf(better, objective) <= valueOf(mixture, objective)) break;
    mixture = better;
  }
  return mixture;
}

/** Mean over the users that guide the search. */
function valueOf({ measured }: Mixture, objective: readonly MetricName[]): number {
  const values = half(objectivePerUser(measured.known, objective), "guides");
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const half = (perUser: Float64Array, which: "guides" | "decides"): Float64Array =>
  perUser.filter((_, place) => (place % 2 === 0) === (which === "guides"));

function extend(mixture: Mixture, tried: Tried, weight: number, trial: Trial): Mixture {
  const members = [...mixture.members, { tried, weight }];
  const quick = { ...trial, measures: { ...trial.measures, resamples: 0 } };
  return { members, measured: measure(blendOf(members), quick) };
}

/** With a chance of at most a tenth that it is none. */
const isGain = (better: Mixture, before: Mixture, objective: readonly MetricName[]): boolean =>
  pairedDifference(
    half(objectivePerUser(better.measured.known, objective), "decides"),
    half(objectivePerUser(before.measured.known, objective), "decides"),
    { confidence: 0.8, resamples: 500 },
  ).low > 0;
