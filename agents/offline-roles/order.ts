/** What a transfer needs, and how the messages of a person fill it in. Pure: the same words give the same order. */
import type { AmountMention, Doubt } from "../../core/language/index.ts";
import type { Money } from "../../core/money.ts";
import type { Understood } from "../offline/index.ts";
import { notUnderstood } from "./order-clause.ts";
import { arrowIn, looseReceiver, secondReceiver } from "./receiver.ts";

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
  /** Why the newest words are not one clear sum, paid once, now. */
  readonly doubts?: readonly Doubt[];
}

const PAYING =
  /(?<!\p{L})(?:send|pay|paying|transfer|move|wire|remit|give|put|shift|bring|overweise?n?|überweise?n?|überwiesen|überweisung|schick(?:e|en)?|sende[n]?|zahl(?:e|en)?|bezahle?n?|buche|umbuchen|umbuchung|schieb(?:e)?)(?!\p{L})/iu;
const LONGEST_NAME_WORDS = 5;

/** The parts of a transfer that one message names. */
export function transferIn(text: string, { entities, order }: Understood, today: string): TransferOrder {
  const accounts = entities.flatMap((entity) => (entity.kind === "account" ? [entity] : []));
  const arrow = arrowIn(text);
  const from = arrow?.from ?? accounts.find(({ role }) => role === "from")?.literal;
  const to = arrow?.to ?? receiverIn(text, entities);
  const date = order.dates.periods.find(({ to: last }) => last > today);
  const reference = referenceIn(text, entities);
  const doubts = doubtsIn(text, { entities, order }, to);
  return {
    kind: "transfer",
    ...amountPart(order.sums, doubts),
    ...(to !== undefined && { to }),
    ...(from !== undefined && { from }),
    ...(reference !== undefined && { reference }),
    ...(doubts.length > 0 && { doubts }),
    ...laterPart(date, doubts),
  };
}

/** A day ahead alone can be answered with "now instead?"; any further doubt comes first. */
function laterPart(
  date: { readonly literal: string; readonly to: string } | undefined,
  doubts: readonly Doubt[],
): Pick<TransferOrder, "later"> {
  const isOnly = doubts.length > 0 && doubts.every(({ kind }) => kind === "schedule");
  return date !== undefined && isOnly ? { later: { literal: date.literal, day: date.to } } : {};
}

/** "pay 20 Emre": a name behind the number is no currency. */
function doubtsIn(
  text: string,
  { entities, order }: Pick<Understood, "entities" | "order">,
  to: string | undefined,
): readonly Doubt[] {
  const words = new Set((to ?? "").toLowerCase().split(/\s+/u));
  const kept = order.doubts.filter(({ kind, literal }) => kind !== "currency" || !words.has(literal.toLowerCase()));
  const second = to === undefined ? undefined : secondReceiver(text, to);
  const rest = notUnderstood(text, { entities, order, to });
  return [
    ...kept,
    ...(second === undefined ? [] : [{ kind: "range" as const, ...second }]),
    ...rest.map((span) => ({ kind: "not-understood" as const, ...span })),
  ];
}

function amountPart(
  [amount, ...others]: readonly AmountMention[],
  doubts: readonly Doubt[],
): Pick<TransferOrder, "amount" | "amountReadings"> {
  if (amount === undefined || others.some(({ minor }) => minor !== amount.minor)) return {};
  if (amount.ambiguous) return { amountReadings: amount.readings };
  const isForeign = doubts.some(({ kind }) => kind === "currency" || kind === "number");
  return isForeign ? {} : { amount: { minor: amount.minor, currency: amount.currency } };
}

/** An IBAN is the most certain; then a payee; then an own account that money does not leave. */
function receiverIn(text: string, entities: Understood["entities"]): string | undefined {
  const iban = entities.find((entity) => entity.kind === "iban");
  const payee = entities.find((entity) => entity.kind === "payee");
  const account = entities.find((entity) => entity.kind === "account" && entity.role === "to");
  return (iban ?? account ?? payee)?.literal ?? looseReceiver(text, entities);
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
  // Doubts are about the words in which they were had.
  const { amount, amountReadings, doubts: _doubts, ...rest } = order;
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
