import type { Span } from "../../../core/language/index.ts";

/** A code typed to link this chat with a customer's profile. */
export interface LinkCodeMention extends Span {
  readonly kind: "linkCode";
  /** In capitals, with an ASCII hyphen: `ABCD-7K42`. */
  readonly code: string;
}

const shape = /(?<![\p{L}\p{N}_-])([A-Z0-9]{4})[-‐‑–—]([A-Z0-9]{4})(?![\p{L}\p{N}_]|-[\p{L}\p{N}])/giu;

/** Words such as "long-term" and years such as "2024-2025" have the same shape as a code. */
function isCode(left: string, right: string): boolean {
  const both = left + right;
  if (!/[A-Z]/iu.test(both)) return false;
  return /\d/u.test(both) || both === both.toUpperCase();
}

/** Finds link codes such as `ABCD-7K42`, also in lower case when a digit tells them from words. */
export function findLinkCodes(text: string): readonly LinkCodeMention[] {
  return Array.from(text.matchAll(shape)).flatMap((match) => {
    const [literal, left = "", right = ""] = match;
    if (!isCode(left, right)) return [];
    const code = `${left}-${right}`.toUpperCase();
    return [{ kind: "linkCode" as const, start: match.index, end: match.index + literal.length, literal, code }];
  });
}
