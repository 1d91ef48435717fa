import type { CalendarUnit } from "./civil-date.ts";

const monthNames = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
] as const;

const cardinals =
  "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const ordinals =
  "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth".split(
    " ",
  );

const numberOfWord: ReadonlyMap<string, number> = new Map([
  ["a", 1],
  ["an", 1],
  ["couple of", 2],
  ["a couple of", 2],
  ...cardinals.map((word, index) => [word, index + 1] as const),
  ...ordinals.map((word, index) => [word, index + 1] as const),
  ["twenty", 20],
  ["twentieth", 20],
  ["thirty", 30],
  ["thirtieth", 30],
]);

const spelledBelowTwenty = `(?:${[...ordinals, ...cardinals].toSorted((a, b) => b.length - a.length).join("|")})`;

/** Pattern of a day of the month: "5", "5th", "twenty nine", "first". */
export const dayShape = String.raw`(?:\d{1,2}(?:st|nd|rd|th)?|(?:twenty|thirty)[ -]${spelledBelowTwenty}|twentieth|thirtieth|twenty|thirty|${spelledBelowTwenty})`;
/** Pattern of a month name or its abbreviation. */
export const monthShape = String.raw`(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)`;
/** Pattern of a count of units: "3", "three", "a". */
export const countShape = String.raw`(?:\d{1,3}|(?:a )?couple of|an?|${cardinals.join("|")}|twenty|thirty)`;
/** Pattern of a unit of calendar time. */
export const unitShape = "(?:day|week|month|quarter|year)";

/** The number of a day or count in digits or words; nothing for a word that is no number. */
export function numberOf(written: string): number | undefined {
  const lower = written.toLowerCase();
  const digits = /^\d+/u.exec(lower);
  if (digits !== null) return Number(digits[0]);
  const known = numberOfWord.get(lower);
  if (known !== undefined) return known;
  const [ten = "", unit = ""] = lower.split(/[ -]/u);
  const [tens, ones] = [numberOfWord.get(ten), numberOfWord.get(unit)];
  return tens !== undefined && ones !== undefined && tens >= 20 && ones < 10 ? tens + ones : undefined;
}

/** 1 to 12 for a month name or abbreviation. */
export function monthOf(written: string): number {
  const beginning = written.slice(0, 3).toLowerCase();
  return monthNames.findIndex((name) => name.startsWith(beginning)) + 1;
}

/** The unit that a word such as "weeks" names. */
export function unitOf(written: string): CalendarUnit {
  const lower = written.toLowerCase();
  const units = ["week", "month", "quarter", "year"] as const;
  return units.find((unit) => lower.startsWith(unit)) ?? "day";
}
