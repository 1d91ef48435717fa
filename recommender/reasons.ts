/** Why an item is recommended, from the terms of its score; the words are made outside. */
import { requireCount, requireFinite, requireList, requireObject, requireShare } from "./checks.ts";
import type { Term, TermSource } from "./model.ts";

export interface Reason {
  readonly source: TermSource;
  /** The items or features that speak for it, strongest first; the item itself for popularity. */
  readonly indices: readonly number[];
  /** Part of everything that speaks for the item, from 0 to 1. */
  readonly share: number;
}

export interface ReasonOptions {
  /** How many items or features are named. @default 2 */
  readonly names?: number | undefined;
  /** What a personal reason must have of everything that speaks for the item. @default 0.15 */
  readonly leastShare?: number | undefined;
}

/**
 * The strongest kind of reason. A personal one is told before popularity, which is nearly always the largest and says
 * nothing about the person, unless it is too weak to be true. Undefined when nothing speaks for the item.
 */
export function reasonOf(terms: readonly Term[], options: ReasonOptions = {}): Reason | undefined {
  requireList(terms, "The terms of a score");
  requireObject(options, "Options of reasonOf");
  const { names = 2, leastShare = 0.15 } = options;
  requireCount(names, "The number of names of a reason");
  requireShare(leastShare, "The least share of a personal reason");
  for (const term of terms) {
    requireObject(term, "A term of a score");
    requireFinite(term.contribution, "The contribution of a term");
  }
  const positive = terms.filter(({ contribution }) => contribution > 0);
  const total = sumOf(positive);
  const reasons = [...new Set(positive.map(({ source }) => source))]
    .map((source): Reason => {
      const own = positive.filter((term) => term.source === source);
      const strongest = own.toSorted((left, right) => right.contribution - left.contribution).slice(0, names);
      return { source, indices: strongest.map(({ index }) => index), share: sumOf(own) / total };
    })
    .toSorted((left, right) => right.share - left.share);
  const personal = reasons.find(({ source, share }) => source !== "popularity" && share >= leastShare);
  return personal ?? reasons.find(({ source }) => source === "popularity") ?? reasons[0];
}

const sumOf = (terms: readonly Term[]): number => terms.reduce((sum, { contribution }) => sum + contribution, 0);
