import { formatMoney } from "../../core/delivery/money-text.ts";
import type { Json } from "../../core/json.ts";
import { Money, moneyFrom } from "../../core/money.ts";
import { literal } from "../../core/markdown/index.ts";

/** A value as it is told in Markdown: a sum of money in the way of the language. */
export function shownValue(value: Json, language: string): string {
  return literal(plainValue(value, language));
}

/** The same as plain text, for a button. */
export function plainValue(value: Json, language: string): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const money = Money.safeParse(value).data ?? moneyFrom(text);
  return money === undefined ? text : formatMoney(money, language);
}
