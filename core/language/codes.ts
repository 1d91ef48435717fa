/** Codes that somebody was given and writes down: of a booking, a ticket, a link. */
import type { Span } from "./span.ts";

/** A code in a text. */
export interface CodeMention extends Span {
  /** In capitals, with ASCII hyphens: `ABCD-7K42`. */
  readonly code: string;
}

const shape = /(?<![\p{L}\p{N}_-])[A-Z0-9]{2,12}(?:[-‐‑–—][A-Z0-9]{2,12}){1,4}(?![\p{L}\p{N}_]|-[\p{L}\p{N}])/giu;

/** Words such as "long-term" and years such as "2024-2025" have the same shape as a code. */
function isCode(literal: string): boolean {
  const groups = literal.split(/[-‐‑–—]/u);
  if (!/[A-Z]/iu.test(literal)) return false;
  const isMixed = groups.some((group) => /\d/u.test(group) && /[A-Z]/iu.test(group));
  const isCapital = literal === literal.toUpperCase() && groups.every((group) => group.length > 2);
  return isMixed || isCapital;
}

/** Finds codes of groups with hyphens, also in lower case where figures tell them from words. */
export function findCodes(text: string): readonly CodeMention[] {
  return Array.from(text.matchAll(shape)).flatMap(({ 0: literal, index }) => {
    if (!isCode(literal)) return [];
    const code = literal.replaceAll(/[‐‑–—]/gu, "-").toUpperCase();
    return [{ start: index, end: index + literal.length, literal, code }];
  });
}
