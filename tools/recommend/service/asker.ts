/** Whoever is recommended to, as a model knows them: what they did and what is known of them. No name, no id. */
import type { Demographics, Interaction } from "../../../core/store/interactions/index.ts";
import { normalizeRow, sparseRow, type Subject } from "parleyjs-recommender";
import { personFeatures, sketchOf } from "../data/features.ts";
import { ACT_WEIGHTS, dismissedIn, interestsOf } from "../data/weights.ts";
import type { Bundle } from "../lifecycle/bundle.ts";

export interface Asker {
  /** Oldest first. */
  readonly history: readonly Interaction[];
  /** What is known of the person now; it wins over what the history says. */
  readonly demographics: Demographics;
  /** Products that the person has. */
  readonly owned: ReadonlySet<string>;
}

/** An asker in the terms of one version. */
export interface KnownAsker {
  readonly subject: Subject;
  /** The same without the history: what a newcomer of that kind is. */
  readonly newcomer: Subject;
  /** How much interest the history shows, over all products. */
  readonly interest: number;
  /** Items of products whose last answer was no. */
  readonly dismissed: readonly number[];
}

/** Puts the asker into the version's rows and columns; what the version does not know is left out. */
export function knownAsker({ history, demographics, owned }: Asker, bundle: Bundle, now: number): KnownAsker {
  const interests = new Map(interestsOf(history, now));
  for (const product of owned) interests.set(product, Math.max(interests.get(product) ?? 0, ACT_WEIGHTS.accepted));
  const sketch = sketchOf(history);
  const features = personFeatures({ ...sketch, demographics: { ...sketch.demographics, ...demographics } });
  const row = sparseRow(placed(interests, bundle.products.find));
  const known = normalizeRow(sparseRow(placed(features, bundle.userFeatures.find)));
  return {
    subject: { history: row, features: known },
    newcomer: { features: known },
    interest: row.values.reduce((sum, value) => sum + value, 0),
    dismissed: [...dismissedIn(history)].flatMap((product) => bundle.products.find(product) ?? []),
  };
}

function placed(
  named: Iterable<readonly [string, number]>,
  find: (name: string) => number | undefined,
): readonly (readonly [number, number])[] {
  return [...named].flatMap(([name, value]) => {
    const place = find(name);
    return place === undefined ? [] : [[place, value] as const];
  });
}
