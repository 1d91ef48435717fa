/** What sums of money in a text look like to their readers. */
import type { Money } from "../money.ts";
import type { Span } from "./span.ts";

/** A sum of money that a text names. `minor` and `currency` are the likeliest reading. */
export interface AmountMention extends Span, Money {
  readonly kind: "amount";
  /** Whether the text names the currency; otherwise it is the default one. */
  readonly currencyGiven: boolean;
  /** Whether the text can be read differently ("1.000", "20 bucks", "50-60 euros"): ask before using it. */
  readonly ambiguous: boolean;
  /** Every reading, the likeliest first. */
  readonly readings: readonly Money[];
  /** The word behind a number without currency. Where it is not a name that the caller knows, it may be a currency. */
  readonly unit?: Span;
}

/** A number or currency that was not read as a sum. Nothing may be paid as if it were not there. */
export interface UnreadNumber extends Span {
  /** `number`: a number of its own; `unreadable`: it may be a sum, but of which value? `currency`: one without a sum. */
  readonly why: "number" | "unreadable" | "currency";
}

/** The sums that a text names, and what is left over. */
export interface MoneyReading {
  readonly sums: readonly AmountMention[];
  readonly unread: readonly UnreadNumber[];
}

/** How to read what a text leaves open. */
export interface AmountOptions {
  /** ISO 4217 code for amounts without a currency. @default "EUR" */
  readonly defaultCurrency?: string;
  /** BCP 47 locale whose separators decide "1.000". A German text is read as German whatever the locale. */
  readonly locale?: string | undefined;
  /** Places that are something else: dates, account numbers, telephone numbers. */
  readonly taken?: readonly Pick<Span, "start" | "end">[] | undefined;
}
