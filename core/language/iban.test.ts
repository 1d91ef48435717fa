import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findIbans, isValidIban } from "./iban.ts";

const real = [
  "DE89370400440532013000",
  "GB82WEST12345698765432",
  "IT60X0542811101000000123456",
  "NO9386011117947",
  "MT84MALT011000012345MTLCAST001S",
  "FR1420041010050500013M02606",
];

describe("IBANs", () => {
  it.each(real)("finds %s plain, grouped and in lower case, whatever follows", (iban) => {
    const grouped = iban.replaceAll(/(.{4})(?=.)/gu, "$1 ");
    for (const written of [iban, grouped, grouped.toLowerCase(), iban.replaceAll(/(.{4})(?=.)/gu, "$1-")]) {
      for (const text of [`pay ${written} TO MARIA 50 EUR`, `(${written})`, `IBAN:${written}.`]) {
        expect(findIbans(text)).toMatchObject([{ iban, literal: written, valid: true }]);
      }
    }
  });

  it("notices every single wrong digit and every swap of neighbours", () => {
    fc.assert(
      fc.property(fc.constantFrom(...real), fc.nat(40), fc.integer({ min: 1, max: 9 }), (iban, place, shift) => {
        const at = 2 + (place % (iban.length - 2));
        const digit = Number(iban[at]);
        fc.pre(Number.isInteger(digit));
        expect(isValidIban(iban.slice(0, at) + String((digit + shift) % 10) + iban.slice(at + 1))).toBe(false);
        const [left = "", right = ""] = iban.slice(at, at + 2);
        fc.pre(left !== right && right !== "");
        expect(isValidIban(iban.slice(0, at) + right + left + iban.slice(at + 2))).toBe(false);
      }),
    );
  });

  it("reports a mistyped IBAN as invalid, without the words behind it", () => {
    expect(findIbans("pay DE89370400440532013001 now")).toMatchObject([{ valid: false }]);
    expect(findIbans("pay DE89 3704 0044 0532 0130 to Greta")).toMatchObject([
      { literal: "DE89 3704 0044 0532 0130", valid: false },
    ]);
    expect(findIbans(`pay ${real[0] ?? ""}0`)).toMatchObject([{ valid: false }]);
  });

  it("sees none in ordinary words and foreign digits", () => {
    expect(findIbans("at 20 o'clock, IN20 DAYS, be50 de８9370400440532013000 XX8937040044053201300")).toEqual([]);
  });
});
