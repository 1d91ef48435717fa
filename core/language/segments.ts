/**
 * Whose words a typed text holds. People quote and paste: what stands in block quotes, fences, mails, chat logs, longer
 * quotation marks or behind "he wrote:" was said by somebody else. It is material to talk about, never an order.
 *
 * In doubt words count as somebody else's: a bot that asks once too often costs less than one that pays what a letter
 * asked for.
 */
import { LRUCache } from "lru-cache";
import { attribution, patternsOfPastes, reportedSpeech } from "./pasted-marks.ts";

/** `own`: typed by the person. `quoted`: quoted in the sentence. `pasted`: taken over as a block. */
export interface Segment {
  readonly kind: "own" | "quoted" | "pasted";
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

type Span = Omit<Segment, "text">;

/** Quotation marks around so few words stress a word or a name; longer ones quote somebody. */
const MOST_OWN_WORDS = 3;
const MOST_NAME_WORDS = 8;

/**
 * Without any of these no text holds others' words: each mark, header, label and heading by which they are told has one of
 * them. Most of what people type has none, and every text of a conversation's window is looked at in every turn.
 */
const ANY_MARK = /[:>~`“”„«»‹›「『"‘’‚]|(?<![\p{L}\p{N}])'|'(?![\p{L}\p{N}])|--|forward|weitergeleitet/iu;

/** A turn looks at its text several times, and at each text of the conversation's window: what was found is kept. */
const KEPT_TEXTS = 1_000;
const LONGEST_KEPT = 1_000;
const known = new LRUCache<string, readonly Segment[]>({ max: KEPT_TEXTS, memoMethod: (text) => findSegments(text) });

/** The text in pieces, in order and without gaps, each told by whose words it holds. */
export function segmentsOf(text: string): readonly Segment[] {
  if (!ANY_MARK.test(text)) return [{ kind: "own", text, start: 0, end: text.length }];
  return text.length > LONGEST_KEPT ? findSegments(text) : known.memo(text);
}

function findSegments(text: string): readonly Segment[] {
  const foreign = withoutOverlaps([...pastes(text), ...reported(text), ...quotations(text)]);
  const segments: Segment[] = [];
  let at = 0;
  for (const span of foreign) {
    if (span.start > at) segments.push(segment(text, { kind: "own", start: at, end: span.start }));
    segments.push(segment(text, span));
    at = span.end;
  }
  if (at < text.length || segments.length === 0)
    segments.push(segment(text, { kind: "own", start: at, end: text.length }));
  return segments;
}

/** Only what the person said themselves; an ellipsis stands where others' words were. */
export function ownWords(text: string): string {
  const segments = segmentsOf(text);
  if (segments.every(({ kind }) => kind === "own")) return withoutSignature(withoutEmphasis(text));
  const own = segments.map(({ kind, text: words }) => (kind === "own" ? words.trim() : "…"));
  const joined = own.filter((words) => words !== "").join(" ");
  return withoutSignature(withoutEmphasis(joined.replace(/^(?:…\s*)+|(?:\s*…)+$/gu, "").trim()));
}

/** "Kind regards, R. Petersen": behind the words that end a letter stands who writes it, and nothing that is asked for. */
const SIGNATURE =
  /(?<=\S[.!?,;–-]\s+|\S\s*\n\s*)(?:(?:(?:kind(?:est)?|best|warm(?:est)?|many) )?regards|best wishes|yours (?:sincerely|faithfully|truly)|mit (?:freundlichen|besten|lieben) grüßen|(?:viele|liebe|beste|schöne|freundliche|herzliche) grüße|mfg|lg|vg)(?![\p{L}\p{N}])[\s,.!–-]*(?:\p{L}[\p{L}\p{M}.'’-]*[\s,.]*){0,4}$/iu;

const withoutSignature = (text: string): string => text.replace(SIGNATURE, "").trimEnd();

/** Bold and italics as Discord, Slack and WhatsApp write them: `**25** euros to *Jana*`. What is struck out stays marked. */
const EMPHASIS = /(?<![\p{L}\p{N}*_])(\*{1,3}|_{1,3})(?=[^\s*_])([^*_\n]*[^\s*_])\1(?![\p{L}\p{N}*_])/gu;

const withoutEmphasis = (text: string): string => text.replaceAll(EMPHASIS, "$2");

/** Others' words that stand in a typed text, without the marks around them. */
export function foreignWords(text: string): readonly string[] {
  return segmentsOf(text)
    .filter(({ kind }) => kind !== "own")
    .map((one) => bare(one.text))
    .filter((words) => words !== "");
}

function bare(text: string): string {
  return text
    .replaceAll(/^[ \t]{0,3}>+ ?/gmu, "")
    .replaceAll(/^[ \t]*(?:```|~~~)[\w-]*[ \t]*$/gmu, "")
    .replace(/^[\s`"'“”„‚‘’«»‹›「『]+|[\s`"'“”„‚‘’«»‹›」』]+$/gu, "");
}

const segment = (text: string, span: Span): Segment => ({ ...span, text: text.slice(span.start, span.end) });

/** The earliest wins; of those that begin together, the longest. */
function withoutOverlaps(spans: readonly Span[]): readonly Span[] {
  const kept: Span[] = [];
  for (const span of spans.toSorted((left, right) => left.start - right.start || right.end - left.end)) {
    const last = kept.at(-1);
    if (last === undefined || span.start >= last.end) kept.push(span);
    else if (span.end > last.end) kept[kept.length - 1] = { ...last, end: span.end };
  }
  return kept;
}

function pastes(text: string): readonly Span[] {
  return patternsOfPastes.flatMap(({ kind, pattern }) =>
    Array.from(text.matchAll(pattern), (match) => ({ kind, start: match.index, end: match.index + match[0].length })),
  );
}

/** Behind "he wrote:", to the end of the quotation marks that follow, else to the end of the text. */
function reported(text: string): readonly Span[] {
  return Array.from(text.matchAll(reportedSpeech), (match): Span => {
    const start = match.index + match[0].length;
    const quotation = quotationAt(text, start);
    return { kind: "quoted", start, end: quotation ?? text.length };
  }).filter(({ start, end }) => text.slice(start, end).trim() !== "");
}

/** Opening marks with what closes them: the first sign opens. A straight mark closes itself. */
const MARKS: ReadonlyMap<string, string> = new Map(
  ["“”“", "„“”", "””", "«»", "»«»", "‹›", "›‹", "「」", "『』", "‘’", "‚‘’", '""', "''", "``"].map((marks) => [
    marks.charAt(0),
    marks.slice(1),
  ]),
);

function quotations(text: string): readonly Span[] {
  const found: Span[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const end = openedAt(text, at);
    if (end === undefined) continue;
    if (isSomebodyElses(text, at, end)) found.push({ kind: "quoted", start: at, end });
    at = end - 1;
  }
  return found;
}

/** Where the quotation ends that begins at or behind the white space there; undefined where none begins. */
function quotationAt(text: string, at: number): number | undefined {
  const start = at + (/^\s*/u.exec(text.slice(at))?.[0].length ?? 0);
  return openedAt(text, start);
}

/** The end of the quotation that opens here. One that is never closed goes to the end of its paragraph. */
function openedAt(text: string, at: number): number | undefined {
  const open = text.charAt(at);
  const close = MARKS.get(open);
  const double = /^(''|‚‚|‘‘)\S.*?(?:''|’’)/u.exec(text.slice(at));
  if (double !== null) return at + double[0].length;
  if (close === undefined || !/^(?:$|[\s([{:;,.!?–—-])/u.test(text.charAt(at - 1))) return undefined;
  if (!/^\S/u.test(text.charAt(at + 1))) return undefined;
  for (let end = at + 1; end < text.length; end += 1) {
    if (!close.includes(text.charAt(end))) continue;
    // An apostrophe stands inside a word; a closing mark does not.
    if (/^[\p{L}\p{N}]/u.test(text.charAt(end + 1))) continue;
    return end + 1;
  }
  if (/['‘‚`]/u.test(open)) return undefined;
  const paragraph = text.indexOf("\n\n", at);
  return paragraph === -1 ? text.length : paragraph;
}

function isSomebodyElses(text: string, start: number, end: number): boolean {
  const words = bare(text.slice(start, end)).split(/\s+/u);
  if (words.length > MOST_OWN_WORDS) return !isName(words);
  // A whole message in quotation marks repeats somebody; one word of it may be a name or a stressed answer.
  const isAll = text.slice(0, start).trim() === "" && !/[\p{L}\p{N}]/u.test(text.slice(end));
  return isAll ? words.length > 1 && /\d/u.test(text) : attribution.test(text.slice(end));
}

/** A name of several words: "Stadtwerke Musterstadt GmbH & Co. KG". Whatever has a figure in it is no name. */
function isName(words: readonly string[]): boolean {
  return (
    words.length <= MOST_NAME_WORDS &&
    words.every((word) =>
      /^(?:\p{Lu}[\p{L}\p{M}.'’-]*|&|\+|(?:and|und|of|the|von|van|der|den|de|da|del|di|la|le|für|for)$)/u.test(word),
    )
  );
}
