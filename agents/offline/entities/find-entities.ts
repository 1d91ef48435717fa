import { findAccountMentions, type AccountMention, type KnownAccount } from "./account-mention.ts";
import { findAmounts, type AmountMention, type AmountOptions } from "./amounts.ts";
import { findDates, type DateMention, type DateOptions } from "./dates.ts";
import { findIbans, type IbanMention } from "./iban.ts";
import { findLinkCodes, type LinkCodeMention } from "./link-codes.ts";
import { findPayeeMentions, type KnownPayee, type PayeeMention } from "./payee-mention.ts";
import { overlaps } from "./span.ts";

/** A value that stands in the user's text, with the piece of text it was read from. */
export type Entity = AccountMention | AmountMention | DateMention | IbanMention | LinkCodeMention | PayeeMention;

/** How values are read. */
export type EntityOptions = AmountOptions & Pick<DateOptions, "timeZone" | "locale">;

/** Whom and what the customer has; names are matched against these. */
export interface KnownParties {
  readonly payees?: readonly KnownPayee[];
  readonly accounts?: readonly KnownAccount[];
}

/** Values are looked for up to here; a chat message is shorter. */
const LONGEST_TEXT = 10_000;

/**
 * Finds every value in a text. Where two readings share characters the more certain kind wins: IBAN, link code, sum
 * with currency, own account, known payee, date, other payee, bare number.
 */
export function findEntities(text: string, options: EntityOptions & KnownParties & DateOptions): readonly Entity[] {
  const head = text.slice(0, LONGEST_TEXT);
  const amounts = findAmounts(head, options);
  const payees = findPayeeMentions(head, options.payees);
  const byCertainty: readonly Entity[] = [
    ...findIbans(head),
    ...findLinkCodes(head),
    ...amounts.filter((amount) => amount.currencyGiven),
    ...findAccountMentions(head, options.accounts),
    ...payees.filter((payee) => payee.match === "name"),
    ...findDates(head, options),
    ...payees.filter((payee) => payee.match !== "name"),
    ...amounts.filter((amount) => !amount.currencyGiven),
  ];
  const kept: Entity[] = [];
  for (const entity of byCertainty) if (!kept.some((other) => overlaps(other, entity))) kept.push(entity);
  return kept.toSorted((left, right) => left.start - right.start);
}
