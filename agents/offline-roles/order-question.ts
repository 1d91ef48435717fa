import { formatMoney } from "../../core/delivery/money-text.ts";
import type { Desk, Draft } from "../roles/contract.ts";
import { missingInPayee } from "./new-payee.ts";
import { orderInWords, type TransferOrder } from "./order.ts";
import type { Order } from "./reading.ts";
import { literal } from "./markdown.ts";
import { findTool } from "./tool-input.ts";

/** Asks for what an order lacks, or says why it cannot be made. */
export function orderQuestion(order: Order, desk: Desk): Draft {
  const tool = order.kind === "transfer" ? "transfer_money" : "add_payee";
  if (findTool(tool, desk) === undefined) {
    return { text: "I cannot do that here: this assistant is not connected to your bank accounts.", confidence: 0.9 };
  }
  if (order.kind === "payee") {
    const text =
      missingInPayee(order) === "name"
        ? "What is the name of the new payee?"
        : `What is the IBAN of ${literal(order.name ?? "the new payee")}?`;
    return { text, confidence: 0.9 };
  }
  return transferQuestion(order, desk.input.bot.locale);
}

function transferQuestion(order: TransferOrder, locale: string): Draft {
  const { amount, amountReadings, to, later } = order;
  if (to === undefined) {
    const sum = amount === undefined ? "the money" : `the ${formatMoney(amount, locale)}`;
    return { text: `Who should get ${sum}? A saved payee, one of your own accounts, or an IBAN?`, confidence: 0.9 };
  }
  if (amountReadings !== undefined && amount === undefined) {
    const choices = amountReadings.slice(0, 4).map((reading, index) => ({
      id: `amount-${index + 1}`,
      label: formatMoney(reading, locale),
      value: orderInWords({ ...order, amount: reading }),
    }));
    return { text: `How much exactly should ${literal(to)} get?`, choices, confidence: 0.9 };
  }
  if (amount === undefined) return { text: `How much should I send to ${literal(to)}?`, confidence: 0.9 };
  const now = orderInWords(order);
  return {
    text: `I can send money only right away, not on another day (${literal(later?.literal ?? "later")}). Shall I prepare it for now instead?`,
    choices: [{ id: "send-now", label: "Prepare it now", value: now }],
    confidence: 0.9,
  };
}
