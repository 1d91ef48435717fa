/** Amounts as the bank's tools take them: text of integer minor units, without a float anywhere. */
import { minorPlacesOf } from "../../core/language/currencies.ts";
import { type Money, moneyFrom } from "../../core/money.ts";
import { BankRefusal } from "./errors.ts";

/** ASCII digits, a point, no grouping, no sign; the currency may stand behind. */
export const AMOUNT_PATTERN = /^(?:0|[1-9]\d{0,8})(?:\.\d{1,2})?(?: [A-Z]{3})?$/;

/**
 * Minor units of an amount such as `40`, `40.5` or `40.00 EUR`; without a currency in `currency`. Throws `bank/amount` for
 * anything else ("1.000,00", "1e3", other scripts' digits), for zero, and for parts of the smallest unit.
 */
export function parseAmount(text: string, currency: string): Money {
  const money = AMOUNT_PATTERN.test(text) ? moneyFrom(text, currency) : undefined;
  if (money === undefined) {
    throw new BankRefusal(
      "bank/amount",
      `The amount must be written with digits and a point, such as 40 or 1250.50, with at most ${minorPlacesOf(currency)} digits behind the point.`,
      { name: "amount-written", values: { digits: String(minorPlacesOf(currency)) } },
    );
  }
  if (money.minor === 0) throw new BankRefusal("bank/amount", "The amount must be more than zero.");
  return money;
}
