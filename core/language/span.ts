/** A piece of the user's own text: `text.slice(start, end) === literal`. Proof that a value came from the user. */
export interface Span {
  /** Offset of the first UTF-16 unit. */
  readonly start: number;
  /** Offset behind the last UTF-16 unit. */
  readonly end: number;
  readonly literal: string;
}

/** The text with some places as blanks, for a reader that must not see them. Offsets stay the same. */
export function blanked(text: string, places: readonly Pick<Span, "start" | "end">[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end } of places.toSorted((left, right) => left.start - right.start)) {
    const [from, to] = [Math.max(at, Math.min(start, text.length)), Math.min(end, text.length)];
    if (to <= from) continue;
    pieces.push(text.slice(at, from), "\u00B6".padEnd(to - from, " "));
    at = to;
  }
  return pieces.join("") + text.slice(at);
}

/** Whether two pieces of text share a character. */
export function overlaps(left: Pick<Span, "start" | "end">, right: Pick<Span, "start" | "end">): boolean {
  return left.start < right.end && right.start < left.end;
}

/** The piece of a text that these of its tokens take. */
export function spanOf(text: string, tokens: readonly Pick<Span, "start" | "end">[], from: number, next: number): Span {
  const start = tokens[from]?.start ?? 0;
  const end = tokens[next - 1]?.end ?? start;
  return { start, end, literal: text.slice(start, end) };
}

/** The piece of a text that matched. */
export function spanOfMatch({ index, 0: literal }: RegExpExecArray): Span {
  return { start: index, end: index + literal.length, literal };
}
