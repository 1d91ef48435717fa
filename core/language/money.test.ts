import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readMoney } from "./money.ts";
import type { AmountOptions } from "./sum.ts";

const findAmounts = (text: string, options?: AmountOptions) => readMoney(text, options).sums;
const read = (text: string, options?: AmountOptions): readonly (readonly [string, number, string])[] =>
  findAmounts(text, options).map(({ literal, minor, currency }) => [literal, minor, currency] as const);

describe("sums of money", () => {
  it.each([
    ["€50", 5_000, "EUR"],
    ["50 euros", 5_000, "EUR"],
    ["EUR 20", 2_000, "EUR"],
    ["20EUR", 2_000, "EUR"],
    ["20 €", 2_000, "EUR"],
    ["USD3.14", 314, "USD"],
    ["US$20", 2_000, "USD"],
    ["20 Canadian dollars", 2_000, "CAD"],
    ["20 quid", 2_000, "GBP"],
    ["100 yen", 100, "JPY"],
    ["1.234,56 EUR", 123_456, "EUR"],
    ["€1,234.56", 123_456, "EUR"],
    ["1.234.567 euros", 123_456_700, "EUR"],
    ["CHF 1'000", 100_000, "CHF"],
    ["12,5 euros", 1_250, "EUR"],
    ["€.50", 50, "EUR"],
    ["20 pence", 20, "GBP"],
    ["5 euros and 20 cents", 520, "EUR"],
    ["€1.5k", 150_000, "EUR"],
    ["2.5 million dollars", 250_000_000, "USD"],
    ["fifty euros", 5_000, "EUR"],
    ["fifty-five euros", 5_500, "EUR"],
    ["a hundred euros", 10_000, "EUR"],
    ["twelve hundred euros", 120_000, "EUR"],
    ["one hundred and twenty euros", 12_000, "EUR"],
    ["two and a half thousand euros", 250_000, "EUR"],
    ["2 and a half thousand euros", 250_000, "EUR"],
    ["half a million euros", 50_000_000, "EUR"],
    ["one million two hundred thousand euros", 120_000_000, "EUR"],
  ])("reads %s", (text, minor, currency) => {
    expect(read(`send ${text} to Maria`)).toEqual([[text, minor, currency]]);
    expect(findAmounts(text)[0]).toMatchObject({ ambiguous: false, readings: [{ minor, currency }] });
  });

  it.each(["50", "1k", "1,234.56", "two and a half thousand", "50 cents"])(
    "reads %s in the default currency",
    (text) => {
      expect(findAmounts(`send Maria ${text}`, { defaultCurrency: "GBP" })).toMatchObject([
        { literal: text, currency: "GBP", currencyGiven: false },
      ]);
    },
  );

  it("finds several sums, each at its place", () => {
    expect(read("send 20 euros to Ron and $5 to Eva, 7,50 € to me")).toEqual([
      ["20 euros", 2_000, "EUR"],
      ["$5", 500, "USD"],
      ["7,50 €", 750, "EUR"],
    ]);
  });

  it("does not take a name for a currency", () => {
    expect(read("pay Ron 50")).toEqual([["50", 5_000, "EUR"]]);
  });

  it.each([
    "-50 euros",
    "€-50",
    "minus fifty euros",
    "a couple of hundred euros",
    "several thousand euros",
    "a quarter of a million euros",
    "two point five thousand euros",
    "50% of it",
    "the 5th",
    "10:30",
    "5/10",
    "2026-01-10",
    "1,2,3 euros",
    "1,23,456.78 euros",
    "100.5 yen",
    "99999999999999999999 euros",
    "9 k k k k euros",
    "٥٠ euros",
    "５０ euros",
    "5０ euros",
    "5\u200B0 euros",
    "½ euro",
    "ABCD-7K42",
    "+391234567",
    "my last 5 transactions",
    "option 2",
    "the first one",
  ])("refuses to guess at %s", (text) => {
    expect(read(text)).toEqual([]);
  });
});

describe("ambiguous sums", () => {
  it("tells both readings of 1.000 when the locale is unknown", () => {
    expect(findAmounts("1.000 euros")).toMatchObject([
      { minor: 100_000, ambiguous: true, readings: [{ minor: 100_000 }, { minor: 100 }] },
    ]);
  });

  it("resolves 1.000 by the locale, and stays in doubt when the locale makes it a strange amount", () => {
    expect(findAmounts("1.000 euros", { locale: "de-DE" })).toMatchObject([{ minor: 100_000, ambiguous: false }]);
    expect(findAmounts("1.000 euros", { locale: "en-IE" })).toMatchObject([{ minor: 100, ambiguous: true }]);
    expect(findAmounts("1,000 euros", { locale: "en-IE" })).toMatchObject([{ minor: 100_000, ambiguous: false }]);
  });

  it("asks which bucks, which of two currencies, which end of a range", () => {
    expect(findAmounts("20 bucks")[0]?.readings).toEqual([
      { minor: 2_000, currency: "EUR" },
      { minor: 2_000, currency: "USD" },
    ]);
    expect(findAmounts("20 bucks", { defaultCurrency: "USD" })[0]?.ambiguous).toBe(false);
    expect(findAmounts("$50 euros")[0]?.ambiguous).toBe(true);
    expect(findAmounts("50-60 euros")).toMatchObject([
      { ambiguous: true, readings: [{ minor: 5_000 }, { minor: 6_000 }] },
    ]);
  });
});

const units =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const tens = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split(" ");

function spell(value: number): string {
  if (value < 20) return units[value] ?? "";
  if (value < 100) return `${tens[Math.floor(value / 10)] ?? ""}${value % 10 === 0 ? "" : `-${spell(value % 10)}`}`;
  const [size, name] =
    value < 1_000
      ? ([100, "hundred"] as const)
      : value < 1_000_000
        ? ([1_000, "thousand"] as const)
        : ([1_000_000, "million"] as const);
  const rest = value % size;
  const link = rest > 0 && rest < 100 ? " and " : " ";
  return `${spell(Math.floor(value / size))} ${name}${rest === 0 ? "" : link + spell(rest)}`;
}

describe("properties", () => {
  const minorAmount = fc.oneof(fc.integer({ min: 0, max: 200_000 }), fc.integer({ min: 0, max: 10 ** 14 }));

  it.each(["en-IE", "en-US", "de-DE", "fr-FR", "de-CH", "pl-PL", "it-IT"])("reads back what %s writes", (locale) => {
    const format = new Intl.NumberFormat(locale, { style: "currency", currency: "EUR" });
    fc.assert(
      fc.property(minorAmount, (minor) => {
        // A double holds hundredths of this size well enough for Intl to print them right.
        const text = format.format(minor / 100);
        expect(findAmounts(`pay ${text} now`, { locale })).toMatchObject([
          { literal: text, minor, currency: "EUR", ambiguous: false },
        ]);
      }),
    );
  });

  it("reads back plain decimals in every currency that it knows", () => {
    fc.assert(
      fc.property(minorAmount, fc.constantFrom("EUR", "USD", "GBP", "CHF", "PLN"), (minor, currency) => {
        const text = `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, "0")} ${currency}`;
        expect(read(text)).toEqual([[text, minor, currency]]);
      }),
    );
  });

  it("reads back numbers in words", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), (value) => {
        expect(read(`${spell(value)} euros`)).toEqual([[`${spell(value)} euros`, value * 100, "EUR"]]);
      }),
    );
  });

  it("never throws and never gives anything but whole non-negative numbers at literal places", () => {
    const pieces = fc.constantFrom(
      ..."0 1 12 999 1.000 , . ' - – € $ k m euros cents and a half hundred thousand million of fifty twenty-one % ٣ ５ ² USD US $5".split(
        " ",
      ),
      " ",
      "\u00A0",
      "\u202F",
    );
    const text = fc.oneof(
      fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join("")),
      fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join(" ")),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(text, fc.constantFrom(undefined, "de-DE", "en-US", "fr-FR"), (written, locale) => {
        for (const mention of findAmounts(written, locale === undefined ? {} : { locale })) {
          expect(written.slice(mention.start, mention.end)).toBe(mention.literal);
          expect(mention.readings[0]).toEqual({ minor: mention.minor, currency: mention.currency });
          for (const { minor } of mention.readings) expect(Number.isSafeInteger(minor) && minor >= 0).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("finishes with hostile texts of 100 kB", () => {
    for (const piece of [
      "1,",
      "1 000 ",
      "five ",
      "hundred ",
      "€",
      "and a half ",
      "5-",
      "1k k ",
      "half a hundred ",
      "1",
      "a ",
      "1 ",
      ".",
      "'1",
    ]) {
      expect(Array.isArray(findAmounts(piece.repeat(Math.ceil(100_000 / piece.length))))).toBe(true);
    }
  });
});
