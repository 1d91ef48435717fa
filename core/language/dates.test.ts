import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDates, type DateOptions } from "./dates.ts";

// A Wednesday; in New York it is still the 16th.
const options: DateOptions = { now: new Date("2026-09-17T02:30:00Z"), timeZone: "America/New_York" };
const findDates = (text: string, given: DateOptions) => readDates(text, given).periods;
const read = (text: string, more: Partial<DateOptions> = {}): readonly string[] =>
  findDates(text, { ...options, ...more }).map(({ from, to }) => (from === to ? from : `${from}/${to}`));

describe("days", () => {
  it.each([
    ["today", "2026-09-16"],
    ["yesterday", "2026-09-15"],
    ["the day before yesterday", "2026-09-14"],
    ["day after tomorrow", "2026-09-18"],
    ["three weeks from tomorrow", "2026-10-08"],
    ["in 3 days", "2026-09-19"],
    ["two weeks ago", "2026-09-02"],
    ["2026-01-10", "2026-01-10"],
    ["10.05.2026", "2026-05-10"],
    ["May 5, 2025", "2025-05-05"],
    ["the 3rd of June 2025", "2025-06-03"],
    ["last Friday", "2026-09-11"],
    ["the first of next month", "2026-10-01"],
  ])("reads %s", (text, day) => {
    expect(read(text)).toEqual([day]);
    expect(read(text, { direction: "future" })).toEqual([day]);
  });

  it("money-and-words D: is due at the end of a month, and looks back at no single day of it", () => {
    expect(read("end of the month", { direction: "future" })).toEqual(["2026-09-30"]);
    for (const vague of ["end of october", "Ende August", "two months ago", "vor zwei Monaten", "a year ago"])
      expect(read(vague)).toEqual([]);
    expect(read("since the end of August")).toEqual(["2026-08-31/2026-09-16"]);
  });

  it.each([
    ["in 2026-08", "2026-08-01/2026-08-31"],
    ["from 2026-03 to 2026-05", "2026-03-01/2026-05-31"],
    ["August '25", "2025-08-01/2025-08-31"],
    ["02/05 to 10/06", "2026-05-02/2026-06-10"],
  ])("money-and-words D: reads all of %s", (text, period) => expect(read(text)).toEqual([period]));

  it.each([
    ["pay it on the 5th", "2026-09-05", "2026-10-05"],
    ["May twenty nine", "2026-05-29", "2027-05-29"],
    ["on Friday", "2026-09-11", "2026-09-18"],
    ["29 February", "2024-02-29", "2028-02-29"],
    ["on the 31st", "2026-08-31", "2026-10-31"],
    ["25/12", "2025-12-25", "2026-12-25"],
  ])("looks for %s in the past or in the future", (text, past, future) => {
    expect(read(text)).toEqual([past]);
    expect(read(text, { direction: "future" })).toEqual([future]);
  });

  it("takes today from the user's time zone", () => {
    expect(read("today", { timeZone: "Asia/Tokyo" })).toEqual(["2026-09-17"]);
  });

  it("reads 5/10 by the locale and says that it could be the other way round", () => {
    expect(findDates("5/10/2026", options)).toMatchObject([
      { from: "2026-10-05", ambiguous: true, readings: [{ from: "2026-10-05" }, { from: "2026-05-10" }] },
    ]);
    expect(findDates("5/10/2026", { ...options, locale: "en-US" })).toMatchObject([
      { from: "2026-05-10", ambiguous: true },
    ]);
    expect(findDates("25/10/2026", options)).toMatchObject([{ from: "2026-10-25", ambiguous: false }]);
  });

  it("tells both Fridays that people call the next one", () => {
    expect(findDates("next Friday", options)[0]?.readings.map(({ from }) => from)).toEqual([
      "2026-09-25",
      "2026-09-18",
    ]);
  });
});

describe("periods", () => {
  it.each([
    ["last month", "2026-08-01/2026-08-31"],
    ["this week", "2026-09-14/2026-09-20"],
    ["last year", "2025-01-01/2025-12-31"],
    ["in 2025", "2025-01-01/2025-12-31"],
    ["Q1 2026", "2026-01-01/2026-03-31"],
    ["last 30 days", "2026-08-18/2026-09-16"],
    ["last weekend", "2026-09-12/2026-09-13"],
    ["groceries in march", "2026-03-01/2026-03-31"],
    ["since January", "2026-01-01/2026-09-16"],
    ["since last Monday", "2026-09-14/2026-09-16"],
    ["between 1 and 15 May", "2026-05-01/2026-05-15"],
    ["from 1 May to 15 June", "2026-05-01/2026-06-15"],
    ["from November to February", "2025-11-01/2026-02-28"],
    ["between March and May 2025", "2025-03-01/2025-05-31"],
    ["2026-05-01 to 2026-05-15", "2026-05-01/2026-05-15"],
  ])("reads %s", (text, period) => {
    expect(read(text)).toEqual([period]);
  });
});

describe("words that only look like dates", () => {
  it.each([
    "31 April",
    "I may send it",
    "May I ask something",
    "march to the bank",
    "49.90",
    "20.00 euros",
    "now",
    "at 5pm",
    "the second one",
    "send 20 euros to April",
    "transfer 2025 euros",
    "you may one day see",
  ])("finds no date in %s", (text) => {
    expect(read(text)).toEqual([]);
  });
});

describe("any text", () => {
  it("gives real days in order at literal places", () => {
    const pieces = fc.constantFrom(
      ..."last next this 5 5th the of May march week month year friday from to between and since on 2025 30 days ago tomorrow 31/12 , -".split(
        " ",
      ),
    );
    const text = fc.oneof(
      fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join(" ")),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(
        text,
        fc.date({ min: new Date("1990-01-01"), max: new Date("2090-01-01"), noInvalidDate: true }),
        (written, now) => {
          for (const mention of findDates(written, { ...options, now })) {
            expect(written.slice(mention.start, mention.end)).toBe(mention.literal);
            expect((mention.from ?? "") <= mention.to).toBe(true);
            for (const { from, to } of mention.readings) {
              for (const day of [from ?? to, to])
                expect(new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10)).toBe(day);
            }
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it("finishes with hostile texts of 100 kB", () => {
    for (const piece of ["1 ", "may ", "5/5/5 ", "between 1 and ", "twenty ", "on the 5th of ", "1-"]) {
      expect(Array.isArray(findDates(piece.repeat(Math.ceil(100_000 / piece.length)), options))).toBe(true);
    }
  });
});

describe("money-and-words D: days in other words than the reader knew", () => {
  const now = new Date("2027-01-01T00:05:00+01:00");
  const readAt = (text: string) => readDates(text, { now, timeZone: "Europe/Berlin" });

  it.each([
    ["dec 28 to jan 1 transactions", "2026-12-28", "2027-01-01"],
    ["from december 28 to january 2 bookings", "2026-12-28", "2027-01-02"],
    ["the twenty first of september two thousand and twenty five", "2025-09-21", "2025-09-21"],
    ["spent in march twenty twenty five", "2025-03-01", "2025-03-31"],
    ["im märz zweitausendfünfundzwanzig", "2025-03-01", "2025-03-31"],
    ["the weekend before last", "2026-12-19", "2026-12-20"],
  ])("%s", (text, from, to) => {
    expect(readAt(text)).toMatchObject({ periods: [{ from, to, ambiguous: false }], unread: [] });
  });

  it.each(["vom füfte Mai", "am zwoate März", "the Friday before last"])("asks about %s", (text) => {
    expect(readAt(text).unread).not.toEqual([]);
  });
});

describe("what was booked, as people say when", () => {
  const now = new Date("2026-11-21T10:00:00+01:00");
  const readAt = (text: string) => readDates(text, { now, timeZone: "Europe/Berlin" });

  it.each([
    ["groceries from the 1st up to and incl the 15th of September", "2026-09-01", "2026-09-15"],
    ["1 till 15 Oct inclusive", "2026-10-01", "2026-10-15"],
    ["vom 1. bis einschl. 15. Oktober", "2026-10-01", "2026-10-15"],
    ["vom ersten bis zum fünfzehnten Oktober", "2026-10-01", "2026-10-15"],
    ["February up to and including May", "2026-02-01", "2026-05-31"],
    ["Januar bis einschl. März", "2026-01-01", "2026-03-31"],
    ["the second quarter, Apr thru Jun", "2026-04-01", "2026-06-30"],
    ["drittes Quartal, also Juli bis September", "2026-07-01", "2026-09-30"],
    ["February, March and April together", "2026-02-01", "2026-04-30"],
    ["in April, Mai und Juni", "2026-04-01", "2026-06-30"],
    ["april may june", "2026-04-01", "2026-06-30"],
    ["Sept/Okt", "2026-09-01", "2026-10-31"],
    ["last thursday and friday", "2026-11-19", "2026-11-20"],
    ["on the 5th and the 6th of October", "2026-10-05", "2026-10-06"],
    ["am 5. und 6. Oktober", "2026-10-05", "2026-10-06"],
    ["what came in on the 3rd, of September I mean", "2026-09-03", "2026-09-03"],
    ["am dritten (September)", "2026-09-03", "2026-09-03"],
    ["am zehnten zehnten", "2026-10-10", "2026-10-10"],
    ["Sat and Sun the 14th and 15th", "2026-11-14", "2026-11-15"],
    ["Sonntag, den 8. November", "2026-11-08", "2026-11-08"],
    ["am 11.11. dieses Jahr", "2026-11-11", "2026-11-11"],
    ["the 28th of October, not this month", "2026-10-28", "2026-10-28"],
    ["in October, not November", "2026-10-01", "2026-10-31"],
    ["nicht im Oktober sondern im September", "2026-09-01", "2026-09-30"],
    ["nicht diesen Monat, sondern letzten", "2026-10-01", "2026-10-31"],
    ["etwas vom zwölften Oktober, das ich nicht kenne", "2026-10-12", "2026-10-12"],
    ["on 3 October, and I do not remember why", "2026-10-03", "2026-10-03"],
    ["seit Monatsofang", "2026-11-01", "2026-11-21"],
    ["lfd. Jahr", "2026-01-01", "2026-12-31"],
    ["den Monat jetz", "2026-11-01", "2026-11-30"],
    ["over the whole month of October", "2026-10-01", "2026-10-31"],
    ["the first two weeks of October", "2026-10-01", "2026-10-14"],
    ["in den ersten zwei Wochen im Oktober", "2026-10-01", "2026-10-14"],
    ["quarter to date", "2026-10-01", "2026-11-21"],
    ["for the full twelve months", "2025-11-22", "2026-11-21"],
    ["the week of 5 October", "2026-10-05", "2026-10-11"],
    ["last night", "2026-11-20", "2026-11-20"],
    ["gestern Abend", "2026-11-20", "2026-11-20"],
    ["heute Morgen", "2026-11-21", "2026-11-21"],
  ])("reads %s", (text, from, to) => {
    const { periods, unread } = readAt(text);
    expect(unread).toEqual([]);
    expect(new Set(periods.map((one) => `${one.from}/${one.to} ${one.ambiguous}`))).toEqual(
      new Set([`${from}/${to} false`]),
    );
  });

  it.each([
    "on average each month",
    "what does it cost me a month",
    "pro Monat",
    "jeden Monat",
    "im Jahr",
    "some evening",
  ])("finds no limit in %s", (text) => {
    expect(readAt(text)).toEqual({ periods: [], unread: [] });
  });

  it.each([
    "all of this year, not November",
    "October without the rent",
    "im Oktober, Miete nicht mitgerechnet",
    "since my birthday",
  ])("does not pass over what limits %s", (text) => {
    expect(readAt(text).unread).not.toEqual([]);
  });
});
