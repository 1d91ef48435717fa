/** The room left in a part, seen from a node that is about to go into it. */
import type { Nodes, Root } from "mdast";

import { InvalidInputError } from "../errors.ts";
import { writeCanonical } from "./serialize.ts";

/** Counts a text the way a platform does. The default counts UTF-16 units. */
export type Measure = (text: string) => number;

/** How long a part may be, and how its length is counted. */
export interface SplitOptions {
  /** Longest part, at least 100. */
  readonly limit: number;
  /** Counts the Markdown text of a part. @default UTF-16 units */
  readonly measure?: Measure;
  /** Counts the tree of a part instead, where a platform counts what is rendered and not the markup. */
  readonly measureTree?: (tree: Root) => number;
}

/** Smallest limit that leaves room for the markup every part must repeat. */
const MIN_LIMIT = 100;

/** Throws `InvalidInputError` (`markdown/limit-too-small`) for a limit no markup fits in. */
export function checkLimit(limit: number): void {
  if (Number.isFinite(limit) && limit >= MIN_LIMIT) return;
  throw new InvalidInputError(
    "markdown/limit-too-small",
    `A text cannot be split into parts of ${String(limit)}: use a limit of at least ${String(MIN_LIMIT)}.`,
  );
}

export function unsplittable(limit: number): InvalidInputError {
  return new InvalidInputError(
    "markdown/unsplittable",
    `Not even one character fits into a part of ${String(limit)} as it is measured: use a larger limit.`,
  );
}

/**
 * What is longer than this many UTF-16 units per unit of the limit is taken not to fit, without counting. It saves
 * writing out all that is left of a long text for each of its parts; a measure that counts less per unit (graphemes
 * of flags and families) only gets shorter parts.
 */
const UNITS_PER_LIMIT = 8;

/** What a node without text is taken to add at least. */
const UNITS_PER_NODE = 2;

/** Whether a tree holds more than `most` UTF-16 units of text; stops counting there. */
function isLongerThan(tree: Root, most: number): boolean {
  let left = most;
  const count = (node: Nodes): boolean => {
    left -= "value" in node ? node.value.length : UNITS_PER_NODE;
    return left < 0 || ("children" in node && node.children.some(count));
  };
  return count(tree);
}

/** The length of a whole part; `Infinity` for one that is far too long to be worth counting. */
export function sizeOf(tree: Root, options: SplitOptions): number {
  if (isLongerThan(tree, UNITS_PER_LIMIT * options.limit)) return Number.POSITIVE_INFINITY;
  if (options.measureTree !== undefined) return options.measureTree(tree);
  const text = writeCanonical(tree);
  return options.measure === undefined ? text.length : options.measure(text);
}

/** Sizes of a part with a candidate in its place: `size` behind what is there already, `alone` in a fresh part. */
export interface Room<T> {
  readonly limit: number;
  readonly size: (head: T) => number;
  readonly alone: (head: T) => number;
}

export const fits = <T>(room: Room<T>, node: T): boolean => room.size(node) <= room.limit;

/** The room for the whole content of a node, which `wrap` makes of it. */
export function intoNode<Outer, Content>(room: Room<Outer>, wrap: (content: Content) => Outer): Room<Content> {
  return {
    limit: room.limit,
    size: (head) => room.size(wrap(head)),
    alone: (head) => room.alone(wrap(head)),
  };
}

/** The room inside a node: `wrap` puts content into it, `before` is the content it has already. */
export function inside<Outer, Inner>(
  room: Room<Outer>,
  wrap: (content: Inner[]) => Outer,
  before: readonly Inner[],
): Room<Inner> {
  return {
    limit: room.limit,
    size: (head) => room.size(wrap([...before, head])),
    alone: (head) => room.alone(wrap([head])),
  };
}

/** A node cut in two. `glue` is what stood between and is shown in neither half. */
export interface Cut<T, Glue> {
  readonly head: T;
  readonly tail: T;
  /** How many nodes are open at the cut, counted from this one. */
  readonly depth: number;
  readonly glue: Glue;
}

/** The largest count up to `length` that fits, found in a logarithmic number of tries. */
export function largestFit(length: number, isFitting: (count: number) => boolean): number {
  let low = 0;
  let high = 1;
  while (high < length && isFitting(high)) {
    low = high;
    high *= 2;
  }
  if (high >= length) {
    if (length > 0 && isFitting(length)) return length;
    high = length;
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isFitting(middle)) low = middle;
    else high = middle;
  }
  return low;
}
