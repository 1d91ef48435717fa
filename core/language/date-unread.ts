/** Words about time that were not read, and those that take something out of what was. */
import type { DateContext } from "./date-point.ts";
import type { DayRange } from "./civil-date.ts";
import type { Expression } from "./date-ranges.ts";
import { isBeforeLast } from "./date-relative.ts";
import { isGreeting, plays, type DateToken, peek } from "./date-tokens.ts";
import { looksMisspelt } from "./misspelt.ts";
import { type Span, spanOf } from "./span.ts";

/** Words about time that were not read: nothing may be counted as if they were not there. */
export interface UnreadTime extends Span {
  readonly why: "no-such-day" | "time-of-day" | "excluded" | "not-understood";
}

/** What was read of a text. */
export interface Read {
  readonly expressions: readonly Expression[];
  /** Indexes of tokens that belong to one. */
  readonly used: ReadonlySet<number>;
}

/** "Dr. Sommer", "an Paul Sommer": a season's name behind a title or a first name is a family's. */
function isFamilyName(tokens: readonly DateToken[], at: number): boolean {
  if (!/^(?:sommer|winter|herbst|frühling|summer|spring|easter)s?$/u.test(peek(tokens, at).lower)) return false;
  const place = peek(tokens, at - 1).text === "." ? at - 2 : at - 1;
  const before = peek(tokens, place);
  if (/^(?:dr|prof|herrn?|frau|mr|mrs|ms|familie)$/u.test(before.lower)) return true;
  const isFirstName = /^\p{Lu}\p{Ll}/u.test(before.text) && before.word.role === undefined;
  return isFirstName && /^(?:an|to|für|for|von|bei|from|pay|zu|und|and|\.)$/u.test(peek(tokens, place - 1).lower);
}

/** Whether an unread word speaks of time. Short forms and verbs count only where they are written like dates. */
function speaksOfTime(token: DateToken): UnreadTime["why"] | undefined {
  const { word, numeric } = token;
  if (word.unread !== undefined) return word.unread;
  if (word.feast !== undefined || word.whole !== undefined) return "not-understood";
  if (numeric !== undefined)
    return token.text.includes("/") && numeric.year === undefined ? undefined : "not-understood";
  if (word.weekday !== undefined || word.month !== undefined) {
    return shortOrOther.test(token.text) ? undefined : "not-understood";
  }
  return isUnit(token) || isPartOfTime(token) ? "not-understood" : undefined;
}

/** A word that leads to a time, a quarter, or an unknown word that is one letter away from a word of time. */
function isPartOfTime(token: DateToken): boolean {
  const isLink = unfinished.some((role) => plays(token, role));
  const isUnknown = Object.keys(token.word).length === 0;
  return isLink || token.quarter !== undefined || (isUnknown && looksMisspelt(token.lower));
}

function isUnit({ word }: DateToken): boolean {
  return word.unit !== undefined || word.relative !== undefined || word.half === "half-year";
}

/** "vom füfte Mai": an unknown word that ends like an ordinal, right in front of a month. */
function isOddDay(tokens: readonly DateToken[], at: number): boolean {
  const { word, lower } = peek(tokens, at);
  const isMonth = peek(tokens, at + 1).word.month !== undefined;
  return isMonth && Object.keys(word).length === 0 && /^\p{L}+(?:te[nrms]?|th|st|nd|rd)$/u.test(lower);
}

const shortOrOther = /^(?:may|march|mar|mai|sep|dec|feb|jan|mo|di|mi|do|fr|sa|so|sun|sat|mon|wed|thu|fri|tue)$/iu;
/** What these lead to was not read. */
const unfinished = ["strong", "between", "weekend", "ago-before"] as const;

/** The words about time that no expression holds, and words that exclude. */
export function leftOver(text: string, context: DateContext, read: Read): readonly UnreadTime[] {
  const { tokens } = context;
  const { used, expressions } = read;
  const unread: UnreadTime[] = [];
  for (const [index, token] of tokens.entries()) {
    if (used.has(index) || isNoTime(context, index, expressions)) continue;
    const isHalfRead = used.has(index - 1)
      ? isBeforeLast(tokens, index)
      : used.has(index + 1) && isOddDay(tokens, index);
    const why = excludes(tokens, index, read) ? "excluded" : isHalfRead ? "not-understood" : speaksOfTime(token);
    if (why !== undefined) unread.push({ ...spanOf(text, tokens, index, index + 1), why });
  }
  return unread;
}

const excluding =
  /^(?:except|excepting|excluding|without|apart|minus|außer|ausser|ohne|ausgenommen|ausgeschlossen|exklusive|abzüglich)$/u;
const negating = /^(?:not|never|no|nicht|kein|keine|keinen|keinem)$/u;
const counting = /^(?:count(?:ing|ed)?|includ(?:e|ing|ed)|(?:mit|ein|dazu)(?:ge)?(?:zähl|rechn)\p{L}*)$/u;

/** "Except rent", "not in November", "not counting the rent"; "I do not recognise it" takes nothing out. */
function excludes(tokens: readonly DateToken[], at: number, { expressions }: Read): boolean {
  const { lower } = peek(tokens, at);
  if (expressions.length === 0) return false;
  if (excluding.test(lower)) return true;
  if (!/^(?:dont|don)$/u.test(lower) && !negating.test(lower)) return false;
  return (
    expressions.some(({ from }) => negatorOf(tokens, from) === at) ||
    [1, 2, 3].some((step) => counting.test(peek(tokens, at + step).lower))
  );
}

/** The "not" right in front of a time, with at most a preposition and an article between. */
function negatorOf(tokens: readonly DateToken[], from: number): number | undefined {
  for (let at = from - 1; at >= from - 3; at -= 1) {
    const token = peek(tokens, at);
    if (negating.test(token.lower)) return at;
    if (token.word.role === undefined) return undefined;
  }
  return undefined;
}

/** "In October, not November": what is only told apart from the time that is meant names no time of its own. */
export function withoutContrasts({ tokens, direction }: DateContext, { expressions, used }: Read): Read {
  if (direction === "future") return { expressions, used };
  const isWithin = (part: DayRange | undefined, whole: DayRange | undefined): boolean =>
    part !== undefined && whole !== undefined && part.first >= whole.first && part.last <= whole.last;
  const negators = new Map(expressions.map((one) => [one, negatorOf(tokens, one.from)]));
  const meant = expressions.filter((one) => negators.get(one) === undefined && one.ranges.length > 0);
  const contrasts = expressions.filter(
    (one) =>
      negators.get(one) !== undefined &&
      meant.length > 0 &&
      !meant.some(({ ranges: [whole] }) => isWithin(one.ranges[0], whole)),
  );
  const spoken = contrasts.flatMap((one) => negators.get(one) ?? []);
  return { expressions: expressions.filter((one) => !contrasts.includes(one)), used: new Set([...used, ...spoken]) };
}

/** A name, a greeting, or a word that points at a time that was read. */
function isNoTime({ tokens, direction }: DateContext, at: number, { length }: Read["expressions"]): boolean {
  if (direction === "past" && isWithoutDay(tokens, at)) return true;
  return isFamilyName(tokens, at) || isGreeting(tokens[at - 1]) || (length > 0 && pointsBack(tokens, at));
}

/** What limits nothing that was booked: a time of day, and how often ("each month", "im Jahr"). */
function isWithoutDay(tokens: readonly DateToken[], at: number): boolean {
  const { word } = peek(tokens, at);
  if (word.unread === "time-of-day") return true;
  if (word.unit === undefined || digitsBefore(tokens, at)) return false;
  const isLed = ({ lower, word: { role = [], offset } }: DateToken): boolean =>
    !often.test(lower) && (offset !== undefined || role.some((one) => one !== "article" && one !== "and"));
  return often.test(peek(tokens, at - 1).lower) || ![at - 1, at - 2].some((place) => isLed(peek(tokens, place)));
}

const often = /^(?:each|every|per|an?|jede[nrsm]?|pro|im|one|other)$/u;

/** "Two weeks" is a time. */
function digitsBefore(tokens: readonly DateToken[], at: number): boolean {
  const { digits, word, lower } = peek(tokens, at - 1);
  return digits !== undefined || (word.number !== undefined && !often.test(lower));
}

/** "On that day", behind a day that was named. */
function pointsBack(tokens: readonly DateToken[], at: number): boolean {
  const isPointer = /^(?:that|those|same|jene[mnrs]?|de[mnr]|de[mnr]selben|selben)$/u.test(peek(tokens, at - 1).lower);
  return isPointer && peek(tokens, at).word.unit !== undefined;
}
