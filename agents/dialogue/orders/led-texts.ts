/** Free words that an order need not have: "reference rent", "… for lunch". Pure. */
import { overlaps, type Span } from "../../../core/language/index.ts";
import { formOf } from "../../understanding/slots/words.ts";
import { smallWords } from "../cues.ts";
import type { OrderReader } from "./order.ts";
import type { Mention } from "./mentions.ts";

export interface LedText {
  readonly field: string;
  readonly literal: string;
  readonly place: Pick<Span, "start" | "end">;
}

/**
 * What an order says of itself as its reference ("Betreff „nicht an Emre“", "for “cancel subscription”", "reference rent 500"),
 * behind its sum: nothing in it is a value or a refusal.
 */
export function referencesIn(text: string, { tool, cues }: OrderReader): readonly Pick<Span, "start" | "end">[] {
  const fields = Object.keys(tool.slots).filter((field) => tool.slots[field]?.entity === "text");
  const weak = new Set([...cues.purposes, ...cues.prepositions].map(formOf));
  return [...text.matchAll(/(?<![\p{L}\p{N}])\p{L}+(?![\p{L}\p{N}])/gu)].flatMap((match) => {
    const form = formOf(match[0]);
    const isLead = fields.some((field) => tool.leads[field]?.has(form) === true);
    const from = match.index + match[0].length;
    if (!isLead || !/\d/u.test(text.slice(0, match.index))) return [];
    const words = (weak.has(form) && !naming.test(form) ? quotedWords : referenceWords).exec(text.slice(from))?.[0];
    return words === undefined ? [] : [{ start: from, end: from + words.length }];
  });
}

const naming = /^(?:reference|ref|note|message|memo|subject|betreff|verwendungszweck|zweck|vermerk|notiz|nachricht)$/u;
const quotedWords = /^\s*:?\s*(?:"[^"\n]{1,60}"|“[^”\n]{1,60}”|„[^“”\n]{1,60}[“”])/u;
const referenceWords = new RegExp(
  String.raw`${quotedWords.source}|^\s*:?\s+(?:(?!(?:and|und)\s)[\p{L}\p{N}][\p{L}\p{M}\p{N}/#&'’-]*\s*){1,6}(?=[.,;!?\n]|$)`,
  "iu",
);

/** Free words that need not be said count only behind a word that says so: "reference rent", "… for lunch". */
export function textsIn(text: string, used: readonly Mention[], { tool, cues }: OrderReader): readonly LedText[] {
  const fields = Object.keys(tool.slots).filter(
    (field) => tool.slots[field]?.entity === "text" && !tool.slots[field]?.required,
  );
  const weak = new Set([...cues.purposes, ...cues.prepositions].map(formOf));
  const small = new Set([...smallWords(cues), ...cues.pronouns.map(formOf)]);
  const behind = Math.max(0, ...used.map(({ end }) => end));
  return fields.flatMap((field): readonly LedText[] => {
    const leads = [...text.matchAll(/(?<![\p{L}\p{N}])\p{L}+(?![\p{L}\p{N}])/gu)].filter((match) => {
      const form = formOf(match[0]);
      const isLead = tool.leads[field]?.has(form) === true && !used.some((one) => overlaps(one, spanOf(match)));
      const isWeak = weak.has(form) && (behind === 0 || match.index < behind || isAsked(text, match.index, behind));
      return isLead && !isWeak;
    });
    return leads.flatMap((lead) => ledText(field, lead, { text, used, small })).slice(0, 1);
  });
}

/** "Pay Jana 30. What is the fee for a transfer?": a question behind the order tells nothing of it. */
function isAsked(text: string, at: number, behind: number): boolean {
  const ends = /[.!?]\s/u.test(text.slice(behind, at));
  return ends && /^[^.!]*\?/u.test(text.slice(at));
}

const tail =
  /^(?:\s+(?:is|ist|the|as|als|lautet|shall read))?\s*:?\s*["“„'’]?(?<words>[\p{L}\p{N}][\p{L}\p{M}\p{N} /#&'’-]{0,60}?)["”“'’]?\s*(?:[.,;!?\n]|$)/iu;

/** "For heaven's sake", "um Gottes willen", "for now". */
const noPurpose = /(?<!\p{L})(?:sake|willen|now|once|real|sure|me|us)$/iu;

interface Around {
  readonly text: string;
  readonly used: readonly Mention[];
  readonly small: ReadonlySet<string>;
}

function ledText(field: string, lead: RegExpExecArray, { text, used, small }: Around): readonly LedText[] {
  const from = lead.index + lead[0].length;
  const next = used.find((one) => one.start >= from)?.start ?? text.length;
  const words = tail.exec(text.slice(from, next))?.groups?.["words"];
  if (words === undefined || small.has(formOf(words)) || noPurpose.test(words)) return [];
  const end = from + text.slice(from).indexOf(words) + words.length;
  return [{ field, literal: words.trim(), place: { start: lead.index, end } }];
}

function spanOf({ index, 0: literal }: RegExpExecArray): Span {
  return { start: index, end: index + literal.length, literal };
}
