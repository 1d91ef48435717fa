/** Whether the customer's own words say that something is not to be paid. A model that reads them otherwise is not believed. */
import { findIbans, readMoney } from "../../core/language/index.ts";
import type { Money } from "../../core/money.ts";
import { nameTokens } from "./provenance.ts";

interface Place {
  readonly start: number;
  readonly end: number;
}

/** What an order names, and is refused with. */
export interface Ordered {
  readonly amount: Money;
  readonly toName: string;
  readonly toIban: string;
}

/** Inside a clause a refusal speaks of all that it names. */
const CLAUSE_ENDS =
  /[.!?](?=\s|$)|[;:\n–—]|,(?=\s)|(?<!\p{L})(?:but|instead|and|aber|sondern|und|stattdessen)(?!\p{L})/giu;
const PAY = "send|sends|sending|pay|pays|paying|transfer|transferring|wire|wiring|move|moving|give|giving|forward";
/** Accents are gone by then, apostrophes are one kind. */
const REFUSES: readonly RegExp[] = [
  new RegExp(
    `(?<!why )\\b(?:never|don'?t|do not|must ?n[o']t|should ?n[o']t|mustn't|shouldn't|will not|won't|not|refuse|stop)(?! (?:forget|hesitate|worry|you|mind|wait|only)\\b)(?: (?!forget|hesitate)[\\p{L}']+){0,3}? (?:${PAY})\\b`,
    "u",
  ),
  /\b(?:no|not a|not one|not a single) (?:more |single )?(?:money|cent|cents|euros?|payments?|transfers?|penny)\b/u,
  /^(?=.*\b(?:nicht|nichts|nie|niemals|nimmer|kein\w*)\b)(?=.*\b(?:schick\w*|send\w*|(?:be)?zahl\w*|(?:uber|an)?weis\w*|uberwies\w*|gib|gebe?n?|geht|transferier\w*)\b)(?!.*\b(?:vergiss|vergessen|warum|wieso|weshalb|nicht (?:mehr als|nur|vom|von|aus|erst|morgen|ganz)|keine? (?:betreff|verwendungszweck|problem|eile|stress|ding|scherz|witz|spass))\b)/u,
];
/** "Not to Jana", "nicht an Emre". */
const NOT_THIS = /\b(?:not|never|nicht|nie|niemals|keinesfalls)(?: (?:to|an|auf|the|den|die|das|dem|der))*\s*$/u;
/** "Never pay it": what was named just before. */
const POINTS = /\b(?:it|them|him|her|that|this|there|es|das|ihn|ihm|ihr|ihnen|die|dahin|dorthin|darauf|diese\w*)\b/u;

/** What of an order the newest words that name it refuse, as it is called; undefined where nothing is refused. */
export function refusedOf({ amount, toName, toIban }: Ordered, texts: readonly string[]): string | undefined {
  const sums = (text: string): readonly Place[] =>
    readMoney(text).sums.filter(({ readings: [first] }) => first?.minor === amount.minor);
  const ibans = (text: string): readonly Place[] => findIbans(text).filter(({ iban }) => iban === toIban);
  const names = (text: string): readonly Place[] => placesOfName(text, toName);
  return [sums, ibans, names].flatMap((placesIn) => refusedIn(texts, placesIn) ?? [])[0];
}

/** The words that refuse what the newest of the texts names last. */
function refusedIn(texts: readonly string[], placesIn: (text: string) => readonly Place[]): string | undefined {
  for (const text of texts.toReversed()) {
    const place = placesIn(text).at(-1);
    if (place !== undefined) return refusalAt(text, place);
  }
  return undefined;
}

function refusalAt(text: string, { start, end }: Place): string | undefined {
  const ends = [...text.matchAll(CLAUSE_ENDS)].map(({ index }) => index).filter((at) => at < start || at >= end);
  const from = ends.findLast((at) => at < start) ?? 0;
  const [to = text.length, next = text.length] = ends.filter((at) => at >= end);
  const clause = text.slice(from, to);
  if (refuses(clause) || NOT_THIS.test(plain(text.slice(from, start)))) return clause.trim();
  const after = text.slice(to, next);
  return refuses(after) && POINTS.test(plain(after)) && readMoney(after).sums.length === 0
    ? text.slice(from, next).trim()
    : undefined;
}

function refuses(clause: string): boolean {
  const words = plain(clause);
  return REFUSES.some((shape) => shape.test(words));
}

function plain(text: string): string {
  const letters = text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[’‘`´]/gu, "'");
  return letters.toLowerCase().replaceAll(/\s+/gu, " ");
}

/** Where words of a name stand side by side; only where the most of them do: "Jana Novak, not Jana Becker". */
function placesOfName(text: string, name: string): readonly Place[] {
  const tokens = new Set(nameTokens(name));
  const runs: (Place & { readonly length: number })[] = [];
  let isBeside = false;
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
    const isToken = nameTokens(word).some((token) => tokens.has(token));
    const last = isBeside ? runs.pop() : undefined;
    if (isToken) runs.push({ start: last?.start ?? index, end: index + word.length, length: (last?.length ?? 0) + 1 });
    else if (last !== undefined) runs.push(last);
    isBeside = isToken;
  }
  const most = Math.max(0, ...runs.map(({ length }) => length));
  return runs.filter(({ length }) => length === most);
}
