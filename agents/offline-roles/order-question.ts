import { formatMoney } from "../../core/delivery/money-text.ts";
import { explainDoubt, languageOfLocale, worstDoubt, type Doubt } from "../../core/language/index.ts";
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

/** Says which words stood in the way, and asks; what is offered to press is a sum that was said. */
function doubtQuestion(order: TransferOrder, doubt: Doubt, locale: string): Draft {
  const { amount, to } = order;
  const reason = `${explainDoubt(doubt, languageOfLocale(locale))} (“${literal(doubt.literal.slice(0, 60))}”)`;
  const isOnce = (doubt.kind === "repeat" || doubt.kind === "schedule") && amount !== undefined && to !== undefined;
  if (isOnce) {
    const choices = [{ id: "send-now", label: "Prepare it once, now", value: orderInWords(order) }];
    return { text: `${reason} Shall I prepare it once, for now?`, choices, confidence: 0.9 };
  }
  if (doubt.kind === "not-understood" && amount !== undefined && to !== undefined) {
    const plain = `${formatMoney(amount, locale)} to ${literal(to)}`;
    const choices = [
      {
        id: "send-now",
        label: `Send ${formatMoney(amount, locale)} to ${to}`.slice(0, 80),
        value: orderInWords(order),
      },
    ];
    return { text: `${reason} Nothing was prepared. Do you mean just ${plain}, now?`, choices, confidence: 0.9 };
  }
  const receiver = to === undefined ? "" : ` to ${literal(to)}`;
  const example = "“send 20 euros to …”";
  return {
    text: `${reason} Nothing was prepared. To send money${receiver}, please write one amount and one receiver: ${example}.`,
    confidence: 0.9,
  };
}

function transferQuestion(order: TransferOrder, locale: string): Draft {
  const { amount, amountReadings, to, later, doubts = [] } = order;
  const doubt = worstDoubt(doubts);
  if (doubt !== undefined && later === undefined) return doubtQuestion(order, doubt, locale);
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
