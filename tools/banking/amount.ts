/** Amounts between people's writing and integer minor units, without a float anywhere. */
import { minorPlacesOf } from "../../core/language/currencies.ts";
import type { Money } from "../../core/money.ts";
import { BankRefusal } from "./errors.ts";

/** The one form in which tools take amounts: ASCII digits, a point, no grouping, no sign. */
export const AMOUNT_PATTERN = /^(?:0|[1-9]\d{0,8})(?:\.\d{1,2})?$/;

/**
 * Minor units of an amount such as `40`, `40.5` or `40.00`. Throws `bank/amount` for anything else ("1.000,00",
 * "1e3", other scripts' digits), for zero, and for parts of the smallest unit.
 */
export function parseAmount(text: string, currency: string): Money {
  const places = minorPlacesOf(currency);
  const [whole = "", fraction = ""] = text.split(".");
  if (!AMOUNT_PATTERN.test(text) || fraction.length > places) {
    throw new BankRefusal(
      "bank/amount",
      `The amount must be written with digits and a point, such as 40 or 1250.50, with at most ${places} digits behind the point.`,
    );
  }
  const minor = Number(whole + fraction.padEnd(places, "0"));
  if (minor === 0) throw new BankRefusal("bank/amount", "The amount must be more than zero.");
  return { minor, currency };
}

/** Minor units as a plain decimal number: `-12.50`. */
export function decimalText({ minor, currency }: Money): string {
  const places = minorPlacesOf(currency);
  const digits = String(Math.abs(minor)).padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  const sign = minor < 0 ? "-" : "";
  return places === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-places)}`;
}
