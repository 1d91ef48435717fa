import type { Json } from "../../../core/json.ts";
import { Money, moneyText } from "../../../core/money.ts";
import type { Slot } from "../../../core/teaching.ts";

/** The value as the field takes it. */
export function fittingValue(value: Json, { isText }: Slot): Json {
  const money = isText ? Money.safeParse(value).data : undefined;
  return money === undefined ? value : moneyText(money);
}
