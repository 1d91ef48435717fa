/** Sums that a text has somebody work out, where each part of them stands in it: "3 at 23.50 each", "2 x 15", "20 plus 5". */
import { minorPlacesOf } from "./currencies.ts";
import type { AmountMention } from "./sum.ts";

/** Between a price and how often it is due. */
const times = /^\s*(?:x|×|✕|✖|\*|mal|times)\s*$/iu;
const plus = /^\s*(?:\+|plus|und nochmal|and another)\s*$/iu;
/** Between what is counted and the price of one: "lessons at". */
const pricedAt = /^(?:\s+\p{L}[\p{L}'’-]*){1,3}\s+(?:at|@|à|á|zu|für|for)(?:\s+(?:je|jeweils))?\s*$/iu;
const perPieceBehind = /^\s*(?:each|apiece|a piece|per piece|a pop|pro stück|das stück|je stück|jeweils)(?!\p{L})/iu;
const perPieceBefore = /(?:@|à|á|je|jeweils)\s*$/iu;
/** Whoever counts more names something else. */
const MOST_COUNTED = 1_000;

/** The sums with those that are worked out in the place of their parts. */
export function withComputed(text: string, sums: readonly AmountMention[]): readonly AmountMention[] {
  return sums.reduce<readonly AmountMention[]>((before, sum) => {
    const last = before.at(-1);
    const made = last === undefined ? undefined : computed(text, last, sum);
    return made === undefined ? [...before, sum] : [...before.slice(0, -1), made];
  }, []);
}

function computed(text: string, one: AmountMention, other: AmountMention): AmountMention | undefined {
  if (one.ambiguous || other.ambiguous) return undefined;
  const between = text.slice(one.end, other.start);
  const [count, price] = countOf(one) === undefined ? [countOf(other), one] : [countOf(one), other];
  if (times.test(between) && count !== undefined) return whole(text, [one, other], count * price.minor);
  if (plus.test(between) && one.currency === other.currency) return whole(text, [one, other], one.minor + other.minor);
  const isEach = perPieceBehind.test(text.slice(other.end)) || perPieceBefore.test(between);
  const counted = countOf(one);
  return counted !== undefined && isEach && pricedAt.test(between)
    ? whole(text, [one, other], counted * other.minor)
    : undefined;
}

/** How many a number without a currency counts. */
function countOf({ minor, currency, currencyGiven }: AmountMention): number | undefined {
  const count = minor / 10 ** minorPlacesOf(currency);
  return !currencyGiven && Number.isInteger(count) && count > 0 && count <= MOST_COUNTED ? count : undefined;
}

function whole(text: string, parts: readonly [AmountMention, AmountMention], minor: number): AmountMention | undefined {
  const [{ start }, last] = parts;
  const { currency } = parts.find(({ currencyGiven }) => currencyGiven) ?? last;
  const behind = perPieceBehind.exec(text.slice(last.end))?.[0].length ?? 0;
  const end = last.end + behind;
  if (!Number.isSafeInteger(minor)) return undefined;
  const readings = [{ minor, currency }];
  const literal = text.slice(start, end);
  return { kind: "amount", start, end, literal, minor, currency, readings, currencyGiven: true, ambiguous: false };
}

const adding =
  /(?<!\p{L})(?:on top|obendrauf|oben drauf|(?:add|put|chuck|stick) (?:it|that|another)|add [€$£]?\d|(?:leg|pack|tu|rechne) \P{N}{0,20}(?:drauf|dazu)|dazu|noch drauf)(?!\p{L})|\d (?:euros? )?(?:more|mehr)(?!\p{L}| (?:than|als))/iu;

/** Whether a sum is to be added to the one before: "costs 9, put that on top". */
export function asksToAdd(text: string): boolean {
  return adding.test(text);
}

const sharing =
  /(?<!\p{L})(?:split|share[ds]?|divide[ds]?|halve[ds]?|half(?: and|-)? half|half each|(?:fifty|50)\s?[-/]\s?(?:fifty|50)|equally|evenly|between|among(?:st)?|(?:auf|ver)?teil\p{L}*|(?:auf)?geteilt|aufzuteilen|halb\p{L}{0,2}[- ]halb\p{L}{0,2}|(?:die|zur) hälfte|zu gleichen teilen|gleichmäßig|zwischen)(?!\p{L})/iu;
/** Whoever shares with themselves keeps a part: how many there are is not said. */
const withOneself = /(?<!\p{L})(?:me|myself|us|mir|mich|uns)(?!\p{L})[^.!?]{0,20}$/iu;

/** Whether one sum is to be shared out among those whom it goes to: "split 84 between them, half half". */
export function asksToShare(text: string): boolean {
  return sharing.test(text) && !withOneself.test(text);
}
