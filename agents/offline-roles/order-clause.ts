/**
 * Whether an order was understood word by word. What stands beside the sum or the receiver and is neither read nor without
 * meaning may change who gets how much and when: "to Jana's sister", "end of month", "via PayPal". Pure.
 */
import { blanked, isNear, type OrderReading, type Span } from "../../core/language/index.ts";
import type { Understood } from "../offline/index.ts";
import { orderWords } from "./order-words.ts";

interface Read {
  readonly entities: Understood["entities"];
  readonly order: OrderReading;
  readonly to: string | undefined;
}

/** Ends a part of a sentence; figures keep their points and commas, "Dr." keeps its name. */
const clauseEnd =
  /(?<!(?<!\p{L})(?:dr|prof|mr|mrs|ms|st|nr|no|str))[.!?;…]+(?=\s|$)|,(?=\s|$)|:(?=\s)|\n+|\s[–—-]+\s/giu;
/** What a payment is for, from here to the end of the clause. */
const purpose =
  /(?<!\p{L})(?:for|because|cause|since|as|re|ref|reference|invoice|regarding|für|fuer|fürs|wegen|weil|als|betreff|verwendungszweck|rechnung|zum|zur)(?![\p{L}-])/giu;
/** Shorter words are other words when a letter changes. */
const SHORTEST_FORGIVEN = 6;

/** The words, in runs, that stand in the order itself and were not understood. */
export function notUnderstood(text: string, { entities, order, to }: Read): readonly Span[] {
  const named = to === undefined ? -1 : text.indexOf(to);
  const receiver = named < 0 || to === undefined ? [] : [{ start: named, end: named + to.length }];
  const core = [...order.sums, ...receiver];
  const read = [...entities, ...order.sums, ...order.phones, ...order.dates.unread, ...order.doubts, ...receiver];
  const rest = blanked(text, read);
  return clausesOf(text)
    .filter((clause) => core.some(({ start, end }) => start < clause.end && end > clause.start))
    .flatMap((clause) => runsOf(text, rest, { ...clause, end: purposeBehind(text, clause, receiver[0]) }));
}

function clausesOf(text: string): readonly { readonly start: number; readonly end: number }[] {
  const ends = [...text.matchAll(clauseEnd)].map(({ index, 0: sign }) => ({ index, next: index + sign.length }));
  const starts = [0, ...ends.map(({ next }) => next)];
  return starts.map((start, place) => ({ start, end: ends[place]?.index ?? text.length }));
}

/** Where the clause goes over to what the payment is for; "für Jana" names the receiver. */
function purposeBehind(
  text: string,
  { start, end }: Pick<Span, "start" | "end">,
  receiver: Pick<Span, "start" | "end"> | undefined,
): number {
  for (const match of text.slice(start, end).matchAll(purpose)) {
    const at = start + match.index;
    const gap = receiver === undefined ? "-" : text.slice(at + match[0].length, receiver.start);
    const isReceiver =
      receiver !== undefined && receiver.start > at && /^\s+(?:(?:the|my|die|den|der|das|meine?n?r?)\s+)?$/iu.test(gap);
    if (!isReceiver) return at;
  }
  return end;
}

function runsOf(text: string, rest: string, { start, end }: Pick<Span, "start" | "end">): readonly Span[] {
  const runs: { start: number; end: number; literal: string }[] = [];
  for (const match of rest.slice(start, end).matchAll(/\p{L}[\p{L}\p{M}'’-]*/gu)) {
    if (isKnown(match[0])) continue;
    const from = start + match.index;
    const to = from + match[0].length;
    const last = runs.at(-1);
    if (last !== undefined && text.slice(last.end, from).trim() === "") {
      last.end = to;
      last.literal = text.slice(last.start, to);
    } else runs.push({ start: from, end: to, literal: text.slice(from, to) });
  }
  return runs;
}

function isKnown(word: string): boolean {
  const lower = word
    .toLowerCase()
    .replace(/^['’-]+|['’-]+$/gu, "")
    .replaceAll("’", "'");
  if (lower.length < 2 || orderWords.has(lower)) return true;
  const short = lower.replaceAll(/(\p{L})\1{2,}/gu, "$1");
  return orderWords.has(short) || (lower.length >= SHORTEST_FORGIVEN && isMistyped(lower));
}

function isMistyped(lower: string): boolean {
  for (const known of orderWords) {
    if (known.length >= SHORTEST_FORGIVEN && known.startsWith(lower.slice(0, 1)) && isNear(known, lower, 1))
      return true;
  }
  return false;
}
