import { plus, timesPowerOfTen, type Decimal } from "./decimal.ts";
import { readDigits, type NumberConvention } from "./digits.ts";
import { germanNumber } from "./german-numbers.ts";
import { touches, type Token, peek } from "./tokens.ts";

/** A number phrase in a token list. No readings means: a number stands here, but it cannot be read safely. */
export interface NumberPhrase {
  readonly readings: readonly Decimal[];
  readonly ambiguous: boolean;
  /** Index of the token behind the phrase. */
  readonly next: number;
  readonly spelled: boolean;
}

type Size = "unit" | "teen" | "tens" | "compound";

const units = "zero one two three four five six seven eight nine".split(" ");
const teens = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(" ");
const tens = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");

const smallNumbers = new Map<string, { readonly value: number; readonly size: Size }>([
  ...units.map((word, index) => [word, { value: index, size: "unit" }] as const),
  ...teens.map((word, index) => [word, { value: index + 10, size: "teen" }] as const),
  ...tens.map((word, index) => [word, { value: (index + 2) * 10, size: "tens" }] as const),
]);

/** The value of one word: English words are put together, German ones are whole. */
function smallNumber(token: Token | undefined): { readonly value: Decimal; readonly size: Size } | undefined {
  if (token?.kind !== "word") return undefined;
  const english = smallNumbers.get(token.lower);
  if (english !== undefined) return { value: { digits: BigInt(english.value), places: 0 }, size: english.size };
  const isOneAndAHalf = /^(?:anderthalb|einundeinhalb)$/u.test(token.lower);
  const halved = isOneAndAHalf ? 1 : germanNumber(/^(.+)einhalb$/u.exec(token.lower)?.[1] ?? "");
  if (halved !== undefined) return { value: plus({ digits: BigInt(halved), places: 0 }, half), size: "compound" };
  const german = germanNumber(token.lower);
  return german === undefined ? undefined : { value: { digits: BigInt(german), places: 0 }, size: "compound" };
}

const powersOfTen: ReadonlyMap<string, number> = new Map([
  ..."hundred hundert".split(" ").map((word) => [word, 2] as const),
  ..."thousand tausend tsd grand mille k".split(" ").map((word) => [word, 3] as const),
  ..."million millionen mio".split(" ").map((word) => [word, 6] as const),
  ..."billion milliarde milliarden bn".split(" ").map((word) => [word, 9] as const),
]);

const half: Decimal = { digits: 5n, places: 1 };
const zero: Decimal = { digits: 0n, places: 0 };

/** Where one may be inside a spelled number: each word allows only some others behind it. */
type Place = "start" | Size | "half" | "hundred" | "power";

interface Reading {
  total: Decimal;
  current: Decimal;
  place: Place;
  /** The last power of ten; the next one must be smaller. */
  power: number;
  valid: boolean;
}

function allows({ place, power }: Reading, { value, size }: { readonly value: Decimal; readonly size: Size }): boolean {
  if (place === "start") return true;
  const isSmaller = (limit: bigint): boolean => value.places === 0 && value.digits < limit;
  if (place === "hundred") return isSmaller(100n);
  if (place === "power") return isSmaller(10n ** BigInt(power));
  return place === "tens" && size === "unit";
}

function addSmall(reading: Reading, word: { readonly value: Decimal; readonly size: Size }): void {
  if (!allows(reading, word)) reading.valid = false;
  if (!reading.valid) return;
  reading.current = plus(reading.current, word.value);
  reading.place = word.size;
}

function addPower(reading: Reading, power: number): void {
  const counted = reading.place === "start" ? { digits: 1n, places: 0 } : reading.current;
  const repeated = power === 2 && reading.place === "hundred";
  if (reading.place === "power" || power >= reading.power || repeated) reading.valid = false;
  if (!reading.valid) return;
  if (power === 2) {
    reading.current = timesPowerOfTen(counted, 2);
    reading.place = "hundred";
    return;
  }
  reading.total = plus(reading.total, timesPowerOfTen(counted, power));
  reading.current = zero;
  reading.power = power;
  reading.place = "power";
}

function isNumberWord(token: Token | undefined): boolean {
  return token !== undefined && (powersOfTen.has(token.lower) || smallNumber(token) !== undefined);
}

/** How many tokens "and a half" takes here: 0 when it does not stand here. */
function andAHalf(tokens: readonly Token[], at: number): number {
  const isHalf =
    peek(tokens, at).lower === "and" && peek(tokens, at + 1).lower === "a" && peek(tokens, at + 2).lower === "half";
  return isHalf ? 3 : 0;
}

/** How many tokens between two number words carry no value: a hyphen, or "and" behind a hundred or thousand. */
function joint(tokens: readonly Token[], at: number, place: Place): number {
  const token = tokens[at];
  if (!isNumberWord(tokens[at + 1])) return 0;
  if (token?.text === "-" && touches(tokens[at - 1], token) && touches(token, tokens[at + 1])) return 1;
  return token?.lower === "and" && (place === "hundred" || place === "power") ? 1 : 0;
}

/** Takes one word into the reading. Returns how many tokens it used, 0 when the number ends here. */
function takeWord(reading: Reading, tokens: readonly Token[], at: number): number {
  const word = peek(tokens, at).lower;
  const small = powersOfTen.has(word) ? undefined : smallNumber(tokens[at]);
  if (small !== undefined) {
    addSmall(reading, small);
    return 1;
  }
  const power = powersOfTen.get(word);
  if (power !== undefined) {
    addPower(reading, power);
    return 1;
  }
  const halfTokens = andAHalf(tokens, at);
  if (halfTokens > 0) {
    if (reading.place === "hundred" || reading.place === "power" || reading.place === "half") reading.valid = false;
    reading.current = plus(reading.current, half);
    reading.place = "half";
    return halfTokens;
  }
  return joint(tokens, at, reading.place);
}

/** Tokens of an opening "a"/"half a" in front of "hundred", "thousand", … */
function opening(reading: Reading, tokens: readonly Token[], at: number): number {
  const isPower = (index: number): boolean => {
    const word = peek(tokens, index).lower;
    return word !== "k" && powersOfTen.has(word);
  };
  if (peek(tokens, at).lower === "half" && peek(tokens, at + 1).lower === "a" && isPower(at + 2)) {
    reading.current = half;
    reading.place = "half";
    return 2;
  }
  return peek(tokens, at).lower === "a" && isPower(at + 1) ? 1 : 0;
}

function finish(reading: Reading, at: number): NumberPhrase {
  const readings = reading.valid ? [plus(reading.total, reading.current)] : [];
  return { readings, ambiguous: false, next: at, spelled: true };
}

const isEnglishUnit = (word: string): boolean => units.indexOf(word) > 0;
const isWithin = ({ digits, places }: Decimal, least: bigint, most: bigint): boolean =>
  places === 0 && digits >= least && digits <= most;

/** "Ten fifty", "zwo fuffzig": a price is told in two numbers. "Two fifty" may be a hundred times as much. */
function readPrice(tokens: readonly Token[], from: number): NumberPhrase | undefined {
  const whole = smallNumber(tokens[from])?.value;
  const cents = centsAt(tokens, from + 1);
  if (whole === undefined || cents === undefined || !isWithin(whole, 1n, 19n)) return undefined;
  if (isNumberWord(tokens[cents.next])) return undefined;
  const digits = whole.digits * 100n + cents.digits;
  const isOpen = isEnglishUnit(peek(tokens, from).lower);
  const readings = [{ digits, places: 2 }, ...(isOpen ? [{ digits, places: 0 }] : [])];
  return { readings, ambiguous: isOpen, next: cents.next, spelled: true };
}

/** "Fifty", "ninety nine". */
function centsAt(tokens: readonly Token[], at: number): { readonly digits: bigint; readonly next: number } | undefined {
  const [ten, unit] = [at, at + 1].map((one) => smallNumber(tokens[one])?.value);
  if (ten === undefined || !isWithin(ten, 10n, 99n)) return undefined;
  const takesUnit = unit !== undefined && isWithin(unit, 1n, 9n) && ten.digits >= 20n && ten.digits % 10n === 0n;
  return takesUnit ? { digits: ten.digits + unit.digits, next: at + 2 } : { digits: ten.digits, next: at + 1 };
}

function readSpelled(tokens: readonly Token[], from: number): NumberPhrase | undefined {
  const reading: Reading = { total: zero, current: zero, place: "start", power: Number.POSITIVE_INFINITY, valid: true };
  const price = readPrice(tokens, from);
  if (price !== undefined) return price;
  const first = from + opening(reading, tokens, from);
  if (!isNumberWord(tokens[first]) || peek(tokens, first).lower === "k") return undefined;
  let at = first;
  for (let used = 1; used > 0; at += used) used = takeWord(reading, tokens, at);
  return finish(reading, at);
}

/** "2.5 thousand", "1k", "2 and a half million", "3 hundred". */
function readWritten(tokens: readonly Token[], from: number, convention?: NumberConvention): NumberPhrase {
  const written = readDigits(peek(tokens, from).text, convention);
  let { readings } = written;
  let at = from + 1;
  const halfTokens = andAHalf(tokens, at);
  if (halfTokens > 0) {
    readings = readings.filter((value) => value.places === 0).map((value) => plus(value, half));
    at += halfTokens;
  }
  for (let power = powerAt(tokens, at), last = 0; power !== undefined; power = powerAt(tokens, at)) {
    const exponent = power;
    // "3 hundred thousand" is a number, "3 thousand hundred" and "3 k k" are none.
    const fits = last === 0 || (last === 2 && exponent > 2);
    readings = fits ? readings.map((value) => timesPowerOfTen(value, exponent)) : [];
    last = exponent;
    at += 1;
  }
  const runsOn = isNumberWord(tokens[at]) && at > from + 1;
  at += wholeMark(tokens, at);
  return { readings: runsOn ? [] : readings, ambiguous: written.ambiguous, next: at, spelled: false };
}

/** How many tokens the mark of a whole sum takes: "20,-", "47.–", "150,--". */
function wholeMark(tokens: readonly Token[], at: number): number {
  const dashes = isTouchingDash(tokens, at + 1) ? (isTouchingDash(tokens, at + 2) ? 2 : 1) : 0;
  const isMark = /^[.,]$/u.test(peek(tokens, at).text) && touches(tokens[at - 1], tokens[at]);
  if (!isMark || dashes === 0) return 0;
  const behind = tokens[at + dashes + 1];
  const runsOn = touches(tokens[at + dashes], behind) && /^(?:number|foreign|word)$/u.test(behind?.kind ?? "");
  return runsOn ? 0 : dashes + 1;
}

function isTouchingDash(tokens: readonly Token[], at: number): boolean {
  return /^[-–—]$/u.test(peek(tokens, at).text) && touches(tokens[at - 1], tokens[at]);
}

function powerAt(tokens: readonly Token[], at: number): number | undefined {
  const token = tokens[at];
  if (token === undefined) return undefined;
  // "5m" is five million, "5 m" five metres.
  if (token.lower === "m") return touches(tokens[at - 1], token) ? 6 : undefined;
  return powersOfTen.get(token.lower);
}

/** Reads the number phrase that begins at a token, in digits or in English words. */
export function readNumber(
  tokens: readonly Token[],
  from: number,
  convention?: NumberConvention,
): NumberPhrase | undefined {
  return peek(tokens, from).kind === "number" ? readWritten(tokens, from, convention) : readSpelled(tokens, from);
}
