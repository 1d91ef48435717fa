import type { Decimal } from "./decimal.ts";

/** How the user's locale writes numbers. Without it "1.000" and "1,000" both stay ambiguous. */
export interface NumberConvention {
  readonly decimal: string;
  readonly group: string;
}

/** What a written number may stand for, the likeliest reading first. */
export interface NumberReadings {
  readonly readings: readonly Decimal[];
  readonly ambiguous: boolean;
}

const LONGEST_NUMBER = 30;
const unreadable: NumberReadings = { readings: [], ambiguous: false };

/** The separators of a locale, for instance `de-DE` or `en-IE`. Throws `RangeError` for a malformed locale. */
export function numberConventionOf(locale: string): NumberConvention {
  const known = conventions.get(locale);
  if (known !== undefined) return known;
  const convention = askedConvention(locale);
  if (conventions.size < MOST_CONVENTIONS) conventions.set(locale, convention);
  return convention;
}

const conventions = new Map<string, NumberConvention>();
const MOST_CONVENTIONS = 100;

function askedConvention(locale: string): NumberConvention {
  const parts = new Intl.NumberFormat(locale, { useGrouping: "always" }).formatToParts(1_234_567.8);
  const find = (type: string): string => parts.find((part) => part.type === type)?.value ?? "";
  return { decimal: find("decimal"), group: find("group") };
}

function decimalOf(whole: string, fraction: string): Decimal {
  return { digits: BigInt(`${whole}${fraction}`), places: fraction.length };
}

function isGrouped(groups: readonly string[]): boolean {
  const [first = "", ...others] = groups;
  return first.length >= 1 && first.length <= 3 && others.every((group) => group.length === 3);
}

/** "1.000": three digits behind a lone point or comma are a thousand for some readers and a fraction for others. */
function readLoneSeparator(separator: string, sides: readonly string[], convention?: NumberConvention): NumberReadings {
  const [whole = "", fraction = ""] = sides;
  const asFraction = decimalOf(whole === "" ? "0" : whole, fraction);
  const maybeGroup = fraction.length === 3 && whole.length >= 1 && whole.length <= 3 && !whole.startsWith("0");
  if (!maybeGroup) return { readings: [asFraction], ambiguous: false };
  const asGroup = decimalOf(whole + fraction, "");
  if (convention?.group === separator) return { readings: [asGroup], ambiguous: false };
  const fractionFirst = convention?.decimal === separator;
  return { readings: fractionFirst ? [asFraction, asGroup] : [asGroup, asFraction], ambiguous: true };
}

function readMixed(plain: string): NumberReadings {
  const decimalAt = Math.max(plain.lastIndexOf("."), plain.lastIndexOf(","));
  const decimal = plain.charAt(decimalAt);
  const whole = plain.slice(0, decimalAt);
  const group = decimal === "." ? "," : ".";
  if (whole.includes(decimal) || !isGrouped(whole.split(group))) return unreadable;
  return { readings: [decimalOf(whole.split(group).join(""), plain.slice(decimalAt + 1))], ambiguous: false };
}

const blanks = /[ \u00A0\u2007-\u200A\u202F'’]/u;

/** "1 234 567,89", "1'000.50": thousands set apart by blanks or apostrophes. */
function readBlankGrouped(written: string, convention?: NumberConvention): NumberReadings {
  const [whole = "", fraction = "", ...more] = written.split(/[.,]/u);
  const groups = whole.split(blanks);
  if (more.length > 0 || blanks.test(fraction) || !isGrouped(groups)) return unreadable;
  // A plain blank may also stand between two different numbers ("5 100 euros").
  const ambiguous = written.includes(" ") && convention?.group.trim() !== "";
  return { readings: [decimalOf(groups.join(""), fraction)], ambiguous };
}

/** Reads a number written in ASCII digits with any of the usual separators; no readings when it is malformed. */
export function readDigits(written: string, convention?: NumberConvention): NumberReadings {
  if (written.length > LONGEST_NUMBER) return unreadable;
  if (blanks.test(written)) return readBlankGrouped(written, convention);
  const separators = written.match(/[.,]/gu) ?? [];
  const [separator] = separators;
  if (separator === undefined) return { readings: [decimalOf(written, "")], ambiguous: false };
  if (new Set(separators).size > 1) return readMixed(written);
  const sides = written.split(separator);
  if (separators.length === 1) return readLoneSeparator(separator, sides, convention);
  return isGrouped(sides) ? { readings: [decimalOf(sides.join(""), "")], ambiguous: false } : unreadable;
}
