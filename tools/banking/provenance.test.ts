import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAmount } from "./amount.ts";
import { formatIban, isValidIban, readMoney } from "../../core/language/index.ts";
import { namesIban, namesName, objectionTo } from "./provenance.ts";

const euros = (minor: number) => ({ minor, currency: "EUR" });
const namesAmount = (texts: readonly string[], amount: ReturnType<typeof euros>): boolean =>
  objectionTo(texts, amount, { now: 0, timeZone: "UTC", locale: "en" }) !== "not-said";
const minorIn = (text: string): readonly number[] => readMoney(text).sums.map(({ minor }) => minor);

describe("an amount in a person's words", () => {
  it.each([
    ["send 40 to Emre", 4000],
    ["send 40 euros", 4000],
    ["€40", 4000],
    ["40€ please", 4000],
    ["EUR40.50", 4050],
    ["EUR 40,5", 4050],
    ["1.000,00", 100_000],
    ["1,000.00", 100_000],
    ["1 000,00 €", 100_000],
    ["1'000.00", 100_000],
    ["1.000", 100_000],
    ["1.234.567,89", 123_456_789],
    ["1.5k", 150_000],
    ["2 thousand euros", 200_000],
    ["50 cents", 50],
    ["5 euros and 20 cents", 520],
    ["5 euro 20", 520],
    ["forty euros", 4000],
    ["forty-five", 4500],
    ["two hundred and fifty", 25_000],
    ["a thousand euros", 100_000],
    ["fifteen hundred", 150_000],
    ["einundzwanzig Euro", 2100],
    ["tausend", 100_000],
    ["Send 40.", 4000],
  ])("%j names it", (text, minor) => expect(namesAmount([text], euros(minor))).toBe(true));

  it.each([
    ["send 400 to Emre", 4000],
    ["send 4,000", 400],
    ["40 dollars", 4000],
    ["-40", 4000],
    ["40%", 4000],
    ["40 %", 4000],
    ["at 18:40", 4000],
    ["on 12.11.2026", 1200],
    ["2026-11-21", 2100],
    ["50-60", 5000],
    ["DE53 9998 0010 6807 8673 00", 1000],
    ["my code is 40A7K2", 4000],
    ["٤٠", 4000],
    ["４０", 4000],
    ["1e3", 100_000],
    ["1.000.00", 100_000],
    ["one hundred forty", 4000],
    ["forty thousand", 4000],
    ["0x40", 4000],
  ])("%j does not", (text, minor) => expect(namesAmount([text], euros(minor))).toBe(false));

  it("is found in every common writing of any amount, and read as that amount alone", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999_999 }), (minor) => {
        const whole = String(Math.floor(minor / 100));
        const cents = String(minor % 100).padStart(2, "0");
        const grouped = (sign: string): string => whole.replaceAll(/\B(?=(\d{3})+$)/g, sign);
        const writings = [
          `${whole}.${cents}`,
          `${whole},${cents}`,
          `${grouped(".")},${cents}`,
          `${grouped(",")}.${cents}`,
          `${grouped(" ")},${cents} €`,
          `€${grouped("'")}.${cents}`,
        ];
        for (const writing of writings) expect(minorIn(`pay ${writing} now`)).toEqual([minor]);
      }),
    );
  });

  it("never makes anything but whole, safe, non-negative numbers, whatever is written", () => {
    const junk = fc.string({
      unit: fc.constantFrom(..."0123456789.,' €$-+%eEkx:/٤４\u00A0 centsEURDE".split("")),
      maxLength: 60,
    });
    fc.assert(
      fc.property(fc.oneof(junk, fc.string({ unit: "binary" })), (text) => {
        for (const minor of minorIn(text)) expect(Number.isSafeInteger(minor) && minor >= 0).toBe(true);
      }),
    );
  });

  it("is looked for in linear time", () => {
    const adversarial = [
      "1 ".repeat(50_000),
      "1.111".repeat(20_000),
      "DE11".repeat(25_000),
      "€".repeat(100_000),
      "a-".repeat(50_000),
    ];
    for (const text of adversarial) expect(minorIn(text).every(Number.isSafeInteger)).toBe(true);
  });
});

describe("a tool's amount", () => {
  it("is a decimal with a point and nothing else", () => {
    expect(parseAmount("40", "EUR")).toEqual(euros(4000));
    expect(parseAmount("1250.5", "EUR")).toEqual(euros(125_050));
    expect(parseAmount("500", "JPY")).toEqual({ minor: 500, currency: "JPY" });
    const refused = [
      "1.000,00",
      "1,000",
      "1e3",
      "-1",
      "+1",
      "0",
      "0.00",
      "NaN",
      "Infinity",
      "",
      " 1",
      "1.005",
      "٤٠",
      "４０",
      "01",
      ".5",
      "9".repeat(12),
    ];
    for (const text of refused) expect(() => parseAmount(text, "EUR")).toThrow("amount");
    expect(() => parseAmount("1.50", "JPY")).toThrow("amount");
  });

  it("survives the round trip exactly, for any amount", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999_999_999 }), (minor) => {
        const text = `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, "0")}`;
        expect(parseAmount(text, "EUR").minor).toBe(minor);
      }),
    );
  });

  it("is parsed or refused, never anything else, for any text", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(..."0123456789.,-eE".split("")) })),
        (text) => {
          const outcome = parsed(text);
          expect(outcome === "bank/amount" || Number(outcome) > 0).toBe(true);
        },
      ),
    );
  });
});

describe("an IBAN", () => {
  const iban = "DE53999800106807867300";

  it("is right only with the right length and check digits", () => {
    expect(isValidIban(iban)).toBe(true);
    expect(isValidIban("GB82WEST12345698765432")).toBe(true);
    expect(isValidIban("DE5399980010680786730")).toBe(false);
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 21 }), fc.integer({ min: 1, max: 9 }), (at, by) => {
        const changed = `${iban.slice(0, at)}${(Number(iban[at]) + by) % 10}${iban.slice(at + 1)}`;
        expect(isValidIban(changed)).toBe(false);
      }),
    );
  });

  it("is in a person's words with or without spaces, and never as a part of something longer", () => {
    for (const text of [
      iban,
      iban.toLowerCase(),
      `to ${formatIban(iban)}, please`,
      iban.replaceAll(/.{4}(?=.)/g, "$&-"),
    ]) {
      expect(namesIban([text], iban)).toBe(true);
    }
    for (const text of [`${iban}1`, `X${iban}`, iban.slice(0, -1), "", "pay the invoice"]) {
      expect(namesIban([text], iban)).toBe(false);
    }
  });
});

it("a name is in a person's words when each of its words is", () => {
  expect(namesName(["save ZOE lind please"], "Zoë Lind")).toBe(true);
  expect(namesName(["save Zoe"], "Zoë Lind")).toBe(false);
  expect(namesName(["anything"], "...")).toBe(false);
});

function parsed(text: string): number | string {
  try {
    return parseAmount(text, "EUR").minor;
  } catch (thrown) {
    return thrown instanceof Error && "code" in thrown ? String(thrown.code) : "unexpected";
  }
}
