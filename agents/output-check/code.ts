/** Code spans and fenced code of Markdown: what stands in them is not the answer's prose. */

interface Range {
  readonly start: number;
  readonly end: number;
}

/** A fence runs to its end, or to the end of the text while it is still being written. */
const FENCE = /^ {0,3}(`{3,}|~{3,})[^\n]*(?:\n[\s\S]*?(?:^ {0,3}\1[`~]*[ \t]*$|(?![\s\S]))|(?![\s\S]))/gmu;
const SPAN = /(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/gu;

/** The text with its code blanked out, so that every offset stays. `isCode` narrows that to some lines and spans. */
export function withoutCode(text: string, isCode: (piece: string) => boolean = () => true): string {
  let blanked = text;
  for (const { start, end } of codeOf(text)) {
    const piece = text.slice(start, end);
    if (isCode(piece)) blanked = blanked.slice(0, start) + piece.replaceAll(/[^\n]/gu, blank) + blanked.slice(end);
  }
  return blanked;
}

/**
 * Whether a line or span reads like a program. A sentence or an amount that is merely set in code is still said to the
 * person.
 */
export function isProgram(piece: string): boolean {
  return /[={};]|[\p{L}\d_\])][[(]|^`?\s*[[(]/u.test(piece) || /^\s*(?:\/\/|#|--|\/?\*)/u.test(piece);
}

/** Lines of fences and whole spans. */
function codeOf(text: string): readonly Range[] {
  const fences = Array.from(text.matchAll(FENCE), ({ 0: fence, index }) => ({
    start: index,
    end: index + fence.length,
  }));
  const lines = fences.flatMap(({ start, end }) =>
    Array.from(text.slice(start, end).matchAll(/[^\n]+/gu), ({ 0: line, index }) => ({
      start: start + index,
      end: start + index + line.length,
    })),
  );
  const spans = Array.from(text.matchAll(SPAN), ({ 0: span, index }) => ({ start: index, end: index + span.length }));
  return [...lines, ...spans.filter((span) => !fences.some(({ start, end }) => span.start < end && start < span.end))];
}

/** As many units as the character, so that offsets stay. */
function blank(character: string): string {
  return "\uFFFC".repeat(character.length);
}
