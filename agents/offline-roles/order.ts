/** What a transfer needs, and how the messages of a person fill it in. Pure: the same words give the same order. */
import type { AmountMention, Money, Understood } from "../offline/index.ts";

/** A transfer as far as the person has described it. */
export interface TransferOrder {
  readonly kind: "transfer";
  readonly amount?: Money;
  /** The readings of an amount that can be read in several ways. */
  readonly amountReadings?: readonly Money[];
  /** A payee's name, an own account or an IBAN, as the person wrote it. */
  readonly to?: string;
  readonly from?: string;
  readonly reference?: string;
  /** A day that is not today (`YYYY-MM-DD`), as the person wrote it and as it was read. */
  readonly later?: { readonly literal: string; readonly day: string };
}

const PAYING =
  /\b(?:send|sent|pay|paying|transfer|move|wire|remit|give|put|shift|overweise?n?|schicke?n?|zahle?n?)\b/iu;
const LONGEST_NAME_WORDS = 5;

/** The parts of a transfer that one message names. */
export function transferIn(text: string, { entities }: Understood, today: string): TransferOrder {
  const amounts = entities.flatMap((entity) => (entity.kind === "amount" ? [entity] : []));
  const [amount] = amounts.filter(({ currencyGiven }) => currencyGiven).concat(amounts);
  const accounts = entities.flatMap((entity) => (entity.kind === "account" ? [entity] : []));
  const from = accounts.find(({ role }) => role === "from");
  const to = receiverIn(entities);
  const date = entities.find((entity) => entity.kind === "date");
  const reference = referenceIn(text, entities);
  return {
    kind: "transfer",
    ...amountPart(amount),
    ...(to !== undefined && { to }),
    ...(from !== undefined && { from: from.literal }),
    ...(reference !== undefined && { reference }),
    ...(date !== undefined && date.from > today && { later: { literal: date.literal, day: date.from } }),
  };
}

function amountPart(amount: AmountMention | undefined): Pick<TransferOrder, "amount" | "amountReadings"> {
  if (amount === undefined) return {};
  if (amount.ambiguous) return { amountReadings: amount.readings };
  return { amount: { minor: amount.minor, currency: amount.currency } };
}

/** An IBAN is the most certain; then a payee; then an own account that money does not leave. */
function receiverIn(entities: Understood["entities"]): string | undefined {
  const iban = entities.find((entity) => entity.kind === "iban");
  const payee = entities.find((entity) => entity.kind === "payee");
  const account = entities.find((entity) => entity.kind === "account" && entity.role === "to");
  return (iban ?? payee ?? account)?.literal;
}

/** "… for lunch" at the end, behind everything else. */
function referenceIn(text: string, entities: Understood["entities"]): string | undefined {
  const behind = Math.max(0, ...entities.map(({ end }) => end));
  return /^\s*,?\s*(?:for|reference:?|with reference|als|für)\s+([\p{L}\p{N}][\p{L}\p{N} '’-]{1,60}?)\s*[.!]*\s*$/iu.exec(
    text.slice(behind),
  )?.[1];
}

/** Whether a message orders a payment in words, rather than just naming a value. */
export function ordersPayment(text: string): boolean {
  return PAYING.test(text);
}

/** Joins what a later message adds or replaces. A new amount or receiver makes older doubts about it void. */
export function addToOrder(order: TransferOrder, added: TransferOrder): TransferOrder {
  const { amount, amountReadings, ...rest } = order;
  const namesAmount = added.amount !== undefined || added.amountReadings !== undefined;
  const kept = namesAmount ? {} : { ...(amount && { amount }), ...(amountReadings && { amountReadings }) };
  return { ...rest, ...kept, ...added };
}

/** What is still missing, in the order in which it is asked for. */
export function missingIn(order: TransferOrder): "to" | "amount" | undefined {
  if (order.to === undefined) return "to";
  return order.amount === undefined ? "amount" : undefined;
}

/** A short message that may be nothing but a name: "Maria", "to Jana Novak". */
export function bareName(text: string): string | undefined {
  const name = text
    .trim()
    .replace(/^(?:to|an|für|for)\s+/iu, "")
    .replace(/[.!]+$/u, "");
  const words = name.split(/\s+/u);
  if (name === "" || words.length > LONGEST_NAME_WORDS || name.length > 80) return undefined;
  return /^[\p{L}\p{N}][\p{L}\p{M}\p{N} .'’&-]*$/u.test(name) ? name : undefined;
}

/** An amount as the tools take it: digits and a point. */
export function decimalOf({ minor, currency }: Money): string {
  const places =
    new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const digits = String(minor).padStart(places + 1, "0");
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** A transfer in words that are read back as the same transfer. */
export function orderInWords({ amount, to, from, reference }: TransferOrder): string {
  const parts = [
    "send",
    amount === undefined ? "money" : `${decimalOf(amount)} ${amount.currency}`,
    ...(to === undefined ? [] : [`to ${to}`]),
    ...(from === undefined ? [] : [`from ${from}`]),
    ...(reference === undefined ? [] : [`for ${reference}`]),
  ];
  return parts.join(" ");
}
