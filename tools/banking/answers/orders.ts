/** Standing orders and scheduled payments in the hearer's words. */
import { formatMoney } from "../../../core/delivery/money-text.ts";
import { literal, literalTable } from "../../../core/markdown/index.ts";
import type { Money } from "../../../core/money.ts";
import type { Hearer } from "../../../core/teaching.ts";
import { filledIn } from "../../../core/text/sentence.ts";
import type { Rhythm } from "../rhythm.ts";
import { bankTexts } from "../texts.ts";
import { dayWords } from "./filter-words.ts";
import { phrasesFor, told } from "./phrases.ts";

/** Account numbers as they may be shown; `refused` where the newest date could not be paid. */
export type ListedOrders = {
  readonly orders: {
    readonly order: string;
    readonly to: string;
    readonly iban: string;
    readonly amount: Money;
    readonly account: string;
    readonly reference: string;
    readonly rhythm: Rhythm;
    readonly state: "active" | "paused" | "cancelled" | "ended";
    readonly nextDate?: string;
    readonly refused?: { readonly date: string; readonly reason: string };
  }[];
};

/** The answer in Markdown. */
export function sayOrders({ orders }: ListedOrders, hearer: Hearer): string {
  const phrases = phrasesFor(hearer);
  const { rhythms } = bankTexts(hearer.language);
  if (orders.length === 0) return phrases.noOrders;
  const rows = orders.map(({ order, to, iban, amount, rhythm, state, nextDate, reference }) => [
    order,
    `${to} (${iban})`,
    reference,
    formatMoney(amount, hearer.locale),
    rhythms[rhythm],
    state === "active" && nextDate !== undefined ? dayWords(nextDate, hearer) : phrases.orderStates[state],
  ]);
  const refused = orders.flatMap(({ to, refused: at }) =>
    at === undefined
      ? []
      : [
          filledIn(at.reason === "bank/insufficient-funds" ? phrases.orderWithoutMoney : phrases.orderRefused, {
            name: literal(to),
            day: dayWords(at.date, hearer),
          }),
        ],
  );
  return [told(phrases.orders, { of: String(rows) }), literalTable(phrases.orderTable, rows), ...refused].join("\n\n");
}
