/** Takes people out of a raw payload and leaves its shape: what may stand in a repository as a fixture. */

/** Which parts of a string tell nothing of anybody, in their order: a type as a whole, the letter that an id begins with. */
export type SafeParts = (text: string, key: string) => readonly string[];

const ISO_TIME = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/u;

/** Smaller numbers are counts, sizes and places in a text. */
const SMALLEST_ID = 100_000;

/**
 * A function that masks payloads: every word and number of every string, except for what `safeParts` gives. The same
 * word is always masked by the same one, so that ids still fit each other over all the payloads of one redactor; length,
 * punctuation and white space stay, so that offsets do. Large numbers are masked as well, times are not.
 */
export function createRedactor(safeParts: SafeParts = () => []): (raw: unknown) => unknown {
  const mask = createMask();
  /** Between the safe parts, in their order. */
  const maskAround = (text: string, [safe, ...others]: readonly string[]): string => {
    if (ISO_TIME.test(text)) return text;
    const at = safe === undefined ? -1 : text.indexOf(safe);
    if (safe === undefined || at < 0) return text.replaceAll(/\p{L}+|\p{N}+/gu, mask);
    const end = at + safe.length;
    return `${maskAround(text.slice(0, at), [])}${safe}${maskAround(text.slice(end), others)}`;
  };
  const walk = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((entry) => walk(entry, key));
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, walk(entry, name)]));
    if (typeof value === "number" && Math.abs(value) >= SMALLEST_ID && Number.isInteger(value) && !isTime(value))
      return Math.sign(value) * Number(mask(String(Math.abs(value))));
    return typeof value === "string" ? maskAround(value, safeParts(value, key)) : value;
  };
  return (raw) => walk(raw, "");
}

/** One payload by itself. */
export function redact(raw: unknown, safeParts?: SafeParts): unknown {
  return createRedactor(safeParts)(raw);
}

/** Another word of the same length and case for each word; the same one for the same word. */
function createMask(): (word: string) => string {
  const masks = new Map<string, string>();
  return (word) => {
    const known = masks.get(word);
    if (known !== undefined) return known;
    const isNumber = /^\p{N}/u.test(word);
    const number = String(masks.size + 1);
    const digits = isNumber ? number : number.replaceAll(/\d/gu, (digit) => "abcdefghij".charAt(Number(digit)));
    const padded = digits.padStart(word.length, isNumber ? "7" : "x").slice(-word.length);
    const mask = Array.from(padded, (letter, at) => (isUpper(word.charAt(at)) ? letter.toUpperCase() : letter)).join(
      "",
    );
    masks.set(word, mask);
    return mask;
  };
}

function isUpper(letter: string): boolean {
  return letter !== letter.toLowerCase();
}

/** Seconds or milliseconds of this century: times tell nothing of a person and order the fixtures. */
function isTime(value: number): boolean {
  return (value > 946_684_800 && value < 4_102_444_800) || (value > 946_684_800_000 && value < 4_102_444_800_000);
}
