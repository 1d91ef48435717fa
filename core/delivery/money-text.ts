import type { Money } from "../money.ts";

const isDecimal = (text: string): text is `${number}` => /^-?\d+(?:\.\d+)?$/.test(text);

/**
 * Money as people of the locale write it, from integer minor units and without a float on the way.
 * An unknown locale is read as English.
 */
export function formatMoney(money: Money, locale = "en"): string {
  const format = new Intl.NumberFormat([...supportedLocale(locale), "en"], {
    style: "currency",
    currency: money.currency,
  });
  const fraction = format.resolvedOptions().maximumFractionDigits ?? 2;
  const digits = String(Math.abs(money.minor)).padStart(fraction + 1, "0");
  const whole = digits.slice(0, digits.length - fraction);
  const decimal = `${money.minor < 0 ? "-" : ""}${whole}${fraction === 0 ? "" : `.${digits.slice(-fraction)}`}`;
  return isDecimal(decimal) ? format.format(decimal) : `${decimal} ${money.currency}`;
}

/** The locale where the runtime knows it, else nothing (the caller's fallback applies). */
export function supportedLocale(locale: string): readonly string[] {
  try {
    return Intl.NumberFormat.supportedLocalesOf([locale]);
  } catch (thrown) {
    if (thrown instanceof RangeError) return [];
    throw thrown;
  }
}
