import { addUnits, civilDay, existingDay, partsOf, unitAround, type DayRange } from "./civil-date.ts";
import { closest, relativeUnit, singleDay, type DateContext, type DatePattern } from "./date-reading.ts";
import { countShape, dayShape, monthOf, monthShape, numberOf, unitOf, unitShape } from "./date-words.ts";

const edge = String.raw`(?<![\p{L}\p{N}])`;
const stop = String.raw`(?![\p{L}\p{N}])`;

function pattern(source: string): RegExp {
  return new RegExp(`${edge}(?:${source})${stop}`, "giu");
}

function group(match: RegExpExecArray, name: string): string {
  return match.groups?.[name] ?? "";
}

const offsets: ReadonlyMap<string, number> = new Map([
  ["this", 0],
  ["current", 0],
  ["last", -1],
  ["previous", -1],
  ["past", -1],
  ["next", 1],
  ["coming", 1],
]);

const anchors: ReadonlyMap<string, number> = new Map([
  ["now", 0],
  ["today", 0],
  ["tomorrow", 1],
  ["yesterday", -1],
]);

/** "this week", "last month", "next year". */
const namedUnit: DatePattern = {
  shape: pattern(
    String.raw`(?:the )?(?<offset>this|current|last|previous|past|next|coming) (?<unit>week|month|quarter|year)`,
  ),
  read: (match, context) => {
    const unit = unitOf(group(match, "unit"));
    const offset = offsets.get(group(match, "offset").toLowerCase()) ?? 0;
    return { ranges: [relativeUnit(context, unit, offset)], grain: unit };
  },
};

/** "last 30 days", "the past two weeks", "next 3 months". */
const runningUnits: DatePattern = {
  shape: pattern(`(?:the )?(?<side>last|past|previous|next|coming) (?<count>${countShape}) (?<unit>${unitShape})s?`),
  read: (match, { today }) => {
    const count = numberOf(group(match, "count"));
    if (count === undefined) return undefined;
    const back = (offsets.get(group(match, "side").toLowerCase()) ?? -1) < 0;
    const other = addUnits(today, back ? -count : count, unitOf(group(match, "unit")));
    return { ranges: [{ first: Math.min(today, other), last: Math.max(today, other) }], grain: "range" };
  },
};

/** "three weeks from tomorrow", "2 days ago", "in a month": the parser below forgets what "from tomorrow" adds. */
const shifted: DatePattern = {
  shape: pattern(
    String.raw`in (?<ahead>${countShape}) (?<aheadUnit>${unitShape})s?(?: time)?|(?<count>${countShape}) (?<unit>${unitShape})s? (?:(?<ago>ago)|(?<side>from|after|before) (?<anchor>now|today|tomorrow|yesterday))`,
  ),
  read: (match, { today }) => {
    const ahead = group(match, "ahead");
    const count = numberOf(ahead === "" ? group(match, "count") : ahead);
    if (count === undefined) return undefined;
    const unit = unitOf(group(match, "aheadUnit") + group(match, "unit"));
    const back = group(match, "ago") !== "" || group(match, "side").toLowerCase() === "before";
    const anchor = today + (anchors.get(group(match, "anchor").toLowerCase()) ?? 0);
    return { ranges: [singleDay(addUnits(anchor, back ? -count : count, unit))], grain: "day" };
  },
};

/** "the day after tomorrow", with or without its article. */
const dayBeyond: DatePattern = {
  shape: pattern(String.raw`(?:the )?day (?<side>after tomorrow|before yesterday)`),
  read: (match, { today }) => ({
    ranges: [singleDay(group(match, "side").toLowerCase().startsWith("after") ? today + 2 : today - 2)],
    grain: "day",
  }),
};

/** "on the 5th", "by the first": a day of this month or of its neighbour. */
const dayOfSomeMonth: DatePattern = {
  shape: pattern(
    String.raw`(?<=(?:on|by|until|since|from|before|after) )the (?<day>\d{1,2}(?:st|nd|rd|th)|first|fifteenth)(?! (?:of|one|payment|transfer|option|product|time|${monthShape})\b)`,
  ),
  read: (match, context) => {
    const day = numberOf(group(match, "day")) ?? 0;
    const { year, month } = partsOf(context.today);
    const candidates = [-2, -1, 0, 1, 2].map((offset) => {
      const first = partsOf(civilDay(year, month + offset, 1));
      const found = existingDay(first.year, first.month, day);
      return found === undefined ? undefined : singleDay(found);
    });
    const range = closest(candidates, context);
    return range === undefined || day === 0 ? undefined : { ranges: [range], grain: "day" };
  },
};

/** "the first of next month", "the 15th of the month", "the last of this month". */
const dayOfNamedMonth: DatePattern = {
  shape: pattern(
    String.raw`(?:the )?(?<day>\d{1,2}(?:st|nd|rd|th)|first|last)(?: day)? of (?<offset>the|this|next|last) month`,
  ),
  read: (match, context) => {
    const month = relativeUnit(context, "month", offsets.get(group(match, "offset").toLowerCase()) ?? 0);
    const written = group(match, "day").toLowerCase();
    const day = written === "last" ? month.last : month.first + (numberOf(written) ?? 0) - 1;
    return day < month.first || day > month.last ? undefined : { ranges: [singleDay(day)], grain: "day" };
  },
};

function daysOfMonth(
  first: number,
  last: number,
  place: { readonly month: number; readonly year: string },
  context: DateContext,
): DayRange | undefined {
  const at = (year: number): DayRange | undefined => {
    const [from, to] = [existingDay(year, place.month, first), existingDay(year, place.month, last)];
    return from === undefined || to === undefined || from > to ? undefined : { first: from, last: to };
  };
  if (place.year !== "") return at(Number(place.year));
  const { year } = partsOf(context.today);
  // Eight years reach the next leap day in each direction, even around 1900 and 2100.
  return closest(
    Array.from({ length: 17 }, (_, index) => at(year - 8 + index)),
    context,
  );
}

/** "5 May", "May twenty nine", "the 3rd of June 2025", "between 1 and 15 May", "from the 1st to the 7th of May". */
const dayAndMonth: DatePattern = {
  shape: pattern(
    String.raw`(?:(?:between|from) )?(?:(?:the )?(?<first>${dayShape}) ?(?:and|to|until|till|-|–) ?)?(?:the )?(?<day>${dayShape})(?: of)? (?<month>${monthShape})\.?(?:,? (?<year>20\d{2}))?|(?<leadingMonth>${monthShape})\.? (?:the )?(?<leadingDay>${dayShape})(?:,? (?<leadingYear>20\d{2}))?`,
  ),
  read: (match, context) => {
    const last = numberOf(group(match, "day") + group(match, "leadingDay"));
    const opening = group(match, "first");
    const first = opening === "" ? last : numberOf(opening);
    if (first === undefined || last === undefined) return undefined;
    const month = monthOf(group(match, "month") + group(match, "leadingMonth"));
    const year = group(match, "year") + group(match, "leadingYear");
    // "you may one day": a verb and a number word.
    if (/^(?:may|march) \p{L}/u.test(match[0])) return undefined;
    const range = daysOfMonth(first, last, { month, year }, context);
    // No ranges claims the place all the same: "31 April" is no date, and not the month of April either.
    return { ranges: range === undefined ? [] : [range], grain: first === last ? "day" : "range" };
  },
};

const monthLead =
  /(?:^|\s)(?:in|since|from|until|till|during|for|of|last|this|next|between|and|to|-|–)(?: the month of)? $/iu;
const shortOrVerb = /^(?:may|mar|march|jan|dec|sep|oct|nov|jun|jul|aug|apr|feb)$/u;

/** "March", "in march", "May 2025". In lower case "may" and "march" are verbs unless something says otherwise. */
const wholeMonth: DatePattern = {
  shape: pattern(String.raw`(?<month>${monthShape})\.?(?:,? (?<year>20\d{2}))?`),
  read: (match, context) => {
    const [month, year] = [group(match, "month"), group(match, "year")];
    const before = match.input.slice(Math.max(0, match.index - 20), match.index);
    const behind = match.input.slice(match.index + match[0].length, match.index + match[0].length + 6);
    const isVerb = year === "" && shortOrVerb.test(month) && !monthLead.test(before);
    const isQuestion = month === "May" && /^ (?:i|we|you|he|she|they|it)\b/iu.test(behind);
    if (isVerb || isQuestion) return undefined;
    const at = (inYear: number): DayRange => unitAround(civilDay(inYear, monthOf(month), 1), "month");
    const current = partsOf(context.today).year;
    const range = year === "" ? closest([at(current - 1), at(current), at(current + 1)], context) : at(Number(year));
    return range === undefined ? undefined : { ranges: [range], grain: "month" };
  },
};

/** "in 2025", "year 2024". */
const wholeYear: DatePattern = {
  shape: pattern(
    String.raw`(?<=(?:in|since|during|for|of|year|from|until) )(?<year>20\d{2})(?! ?(?:€|eur|euros?|usd|dollars?|pounds?|gbp)|[.,/-]\d)`,
  ),
  read: (match) => ({ ranges: [unitAround(civilDay(Number(group(match, "year")), 1, 1), "year")], grain: "year" }),
};

/** "Q1", "Q3 2025". */
const quarter: DatePattern = {
  shape: pattern(String.raw`q(?<quarter>[1-4])(?: (?<year>20\d{2}))?`),
  read: (match, context) => {
    const at = (year: number): DayRange =>
      unitAround(civilDay(year, Number(group(match, "quarter")) * 3, 1), "quarter");
    const [year, current] = [group(match, "year"), partsOf(context.today).year];
    const range = year === "" ? closest([at(current - 1), at(current), at(current + 1)], context) : at(Number(year));
    return range === undefined ? undefined : { ranges: [range], grain: "quarter" };
  },
};

/** "last weekend", "this weekend". */
const weekend: DatePattern = {
  shape: pattern(String.raw`(?<offset>this|last|next|on the|at the) weekend`),
  read: (match, context) => {
    const week = relativeUnit(context, "week", offsets.get(group(match, "offset").toLowerCase()) ?? 0);
    return { ranges: [{ first: week.last - 1, last: week.last }], grain: "range" };
  },
};

/** The ways of writing dates that are read here, the most specific first. */
export const datePatterns: readonly DatePattern[] = [
  shifted,
  runningUnits,
  dayBeyond,
  dayOfNamedMonth,
  dayOfSomeMonth,
  dayAndMonth,
  quarter,
  weekend,
  namedUnit,
  wholeMonth,
  wholeYear,
];
