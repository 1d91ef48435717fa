import { z } from "zod";
import { minorPlacesOf } from "./language/currencies.ts";

/** Money is always an integer of minor units with its currency, never a float. */
export const Money = z.object({
  minor: z.number().int().safe(),
  currency: z.string().regex(/^[A-Z]{3}$/),
});
export type Money = z.infer<typeof Money>;

/** Minor units as a plain decimal number: `-12.50`. */
export function decimalText({ minor, currency }: Money): string {
  const places = minorPlacesOf(currency);
  const digits = String(Math.abs(minor)).padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  const sign = minor < 0 ? "-" : "";
  return places === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-places)}`;
}

/** A sum as one text, such as `40.50 EUR`: what a field of a tool that is a string gets. */
export function moneyText(money: Money): string {
  return `${decimalText(money)} ${money.currency}`;
}

const WRITTEN = /^(?<whole>0|[1-9]\d{0,8})(?:\.(?<fraction>\d{1,3}))?(?: (?<code>[A-Z]{3}))?$/;

/**
 * Reads what `moneyText` writes. Undefined for anything else ("1.000,00", "1e3", other scripts' digits), for parts of the
 * smallest unit, and without a currency where no other is given.
 */
export function moneyFrom(text: string, otherwise?: string): Money | undefined {
  const { whole = "", fraction = "", code = otherwise } = WRITTEN.exec(text)?.groups ?? {};
  if (whole === "" || code === undefined) return undefined;
  const places = minorPlacesOf(code);
  if (fraction.length > places) return undefined;
  return { minor: Number(whole + fraction.padEnd(places, "0")), currency: code };
}
