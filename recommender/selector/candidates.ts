/** What is worth trying on data of this shape, with the few options that matter. */
import { requireObject } from "../checks.ts";
import { type Dataset, requireDataset } from "../dataset.ts";
import { factorization } from "../factorization/factorization.ts";
import type { ModelFamily } from "../model.ts";
import { ease } from "../models/ease.ts";
import { itemNeighbours } from "../models/item-neighbours.ts";
import { popularity } from "../models/popularity.ts";
import { ridge } from "../models/ridge.ts";
import { softmax } from "../models/softmax/softmax.ts";
import type { Candidate } from "./selection.ts";
import { rankingLossWarning } from "./warnings.ts";

/** One candidate of a family; the name says its options. */
export function candidate<Options extends object>(family: ModelFamily<Options>, options: Options): Candidate {
  requireObject(family, "The family of a candidate", ["fit"]);
  requireObject(options, "The options of a candidate");
  const named = Object.entries(options)
    .filter(([, value]) => value !== undefined && value !== false)
    .map(([name, value]) => (value === true ? spaced(name) : `${spaced(name)} ${String(value)}`));
  return {
    name: [family.kind, ...named].join(", "),
    fit: async (dataset, training) => await family.fit(dataset, options, training),
  };
}

const spaced = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** A closed form over more items than this takes too long to be tried several times. */
const MOST_ITEMS_CLOSED_FORM = 6_000;
const MOST_ITEMS_SOFTMAX = 200;
const DAY = 86_400_000;

/** What is tried on this data; WARP is left out where it is dangerous, of which the selector's report warns. */
export function standardCandidates(dataset: Dataset): readonly Candidate[] {
  requireDataset(dataset);
  const { interactions, userFeatures } = dataset;
  const { itemCount, times } = interactions;
  const isSmall = itemCount <= MOST_ITEMS_SOFTMAX;
  const hasFeatures = userFeatures !== undefined;
  const halfLife = times === undefined || span(times) <= 0 ? undefined : Math.max(1, span(times) / 4);
  const regularizations = isSmall ? [30, 100, 300] : [200, 300, 500, 1000];
  return [
    ...(hasFeatures ? [candidate(popularity, { bySegment: true })] : []),
    ...(halfLife === undefined ? [] : [fading(halfLife)]),
    candidate(itemNeighbours, { similarity: "cosine" }),
    candidate(itemNeighbours, { similarity: "bm25" }),
    ...(itemCount <= MOST_ITEMS_CLOSED_FORM
      ? regularizations.map((regularization) => candidate(ease, { regularization }))
      : []),
    ...(hasFeatures && isSmall
      ? [10, 100].flatMap((featureRegularization) =>
          [100, 300].map((historyRegularization): Candidate => ({
            ...candidate(ridge, { featureRegularization, historyRegularization }),
            name: `ridge, features ${featureRegularization}, history ${historyRegularization}`,
          })),
        )
      : []),
    ...(rankingLossWarning(dataset) === undefined ? factorizations(isSmall && hasFeatures) : []),
    ...(isSmall ? [candidate(softmax, {}), candidate(softmax, { historyDecay: 0.1 })] : []),
    ...(isSmall && hasFeatures ? [candidate(softmax, { hidden: 32 })] : []),
  ];
}

/** In a small catalogue a large part of its own lets an embedding refuse what the user will take next. */
const factorizations = (isDangerous: boolean): readonly Candidate[] => {
  const share = isDangerous ? { identityShare: 0.1 } : {};
  return [
    candidate(factorization, { loss: "warp", ...share }),
    candidate(factorization, { loss: "warp", optimizer: "adagrad-row", ...share }),
  ];
};

const fading = (halfLife: number): Candidate => ({
  ...candidate(popularity, { halfLife }),
  name: `popularity, half-life ${Number((halfLife / DAY).toPrecision(2))} days`,
});

function span(times: Float64Array): number {
  let first = Infinity;
  let last = -Infinity;
  for (const time of times) {
    first = Math.min(first, time);
    last = Math.max(last, time);
  }
  return last - first;
}
