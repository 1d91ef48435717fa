/** A piece of the user's own text: `text.slice(start, end) === literal`. Proof that a value came from the user. */
export interface Span {
  /** Offset of the first UTF-16 unit. */
  readonly start: number;
  /** Offset behind the last UTF-16 unit. */
  readonly end: number;
  readonly literal: string;
}

/** Whether two pieces of text share a character. */
export function overlaps(left: Pick<Span, "start" | "end">, right: Pick<Span, "start" | "end">): boolean {
  return left.start < right.end && right.start < left.end;
}
