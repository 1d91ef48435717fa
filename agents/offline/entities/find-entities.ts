import { findAccountMentions, type AccountMention, type KnownAccount } from "./account-mention.ts";
import {
  overlaps,
  readDates,
  readOrder,
  type AmountMention,
  type AmountOptions,
  type DateMention,
  type DateOptions,
  type DateReading,
  type IbanMention,
  type OrderReading,
} from "../../../core/language/index.ts";
import { findLinkCodes, type LinkCodeMention } from "./link-codes.ts";
import { findPayeeMentions, type KnownPayee, type PayeeMention } from "./payee-mention.ts";

/** A value that stands in the user's text, with the piece of text it was read from. */
export type Entity = AccountMention | AmountMention | DateMention | IbanMention | LinkCodeMention | PayeeMention;

/** How values are read. */
export type EntityOptions = Pick<AmountOptions, "defaultCurrency"> & Pick<DateOptions, "timeZone" | "locale">;

/** Whom and what the customer has; names are matched against these. */
export interface KnownParties {
  readonly payees?: readonly KnownPayee[];
  readonly accounts?: readonly KnownAccount[];
}

/** Values are looked for up to here; a chat message is shorter. */
const LONGEST_TEXT = 10_000;

/** The values of a text, and how it reads as an order. */
export interface FoundEntities {
  /** In the order they stand in the text, without overlaps. */
  readonly entities: readonly Entity[];
  readonly order: OrderReading;
  /** What the text says about time, looking back. */
  readonly time: DateReading;
}

/**
 * Finds every value in a text. Where two readings share characters the more certain kind wins: IBAN, link code, sum
 * with currency, own account, known payee, date, other payee, bare number.
 */
export function findEntities(
  text: string,
  options: EntityOptions & KnownParties & Pick<DateOptions, "now" | "direction">,
): FoundEntities {
  const head = text.slice(0, LONGEST_TEXT);
  const order = readOrder(head, options);
  const sums = order.sums.filter(({ currencyGiven }) => currencyGiven);
  const time = readDates(head, { ...options, direction: "past", taken: [...order.ibans, ...order.phones, ...sums] });
  const payees = findPayeeMentions(head, options.payees);
  const byCertainty: readonly Entity[] = [
    ...order.ibans,
    ...findLinkCodes(head),
    ...order.sums.filter((amount) => amount.currencyGiven),
    ...findAccountMentions(head, options.accounts),
    ...payees.filter((payee) => payee.match === "name"),
    ...(options.direction === "past" ? time : order.dates).periods,
    ...payees.filter((payee) => payee.match !== "name"),
    ...order.sums.filter((amount) => !amount.currencyGiven),
  ];
  const kept: Entity[] = [];
  for (const entity of byCertainty) if (!kept.some((other) => overlaps(other, entity))) kept.push(entity);
  return { entities: kept.toSorted((left, right) => left.start - right.start), order, time };
}
