/** Table of contents: the language understanding that needs no model. */
export { createUnderstanding } from "./understand.ts";
export type { Understanding, UnderstandingContext, UnderstandingOptions, Understood } from "./understand.ts";
export { routeOfIntent } from "./intents.ts";
export type { Intent, Route } from "./intents.ts";
export type { IntentGuess, RecognizedIntent } from "./recognize-intent.ts";
export type { Entity, KnownParties } from "./entities/find-entities.ts";
export type { AccountMention, KnownAccount } from "./entities/account-mention.ts";
export { findAmounts } from "./entities/amounts.ts";
export type { AmountMention, AmountOptions, Money } from "./entities/amounts.ts";
export { findDates } from "./entities/dates.ts";
export type { DateMention, DateOptions, DatePeriod } from "./entities/dates.ts";
export { isValidIban } from "./entities/iban.ts";
export type { IbanMention } from "./entities/iban.ts";
export type { LinkCodeMention } from "./entities/link-codes.ts";
export type { KnownPayee, PayeeMention } from "./entities/payee-mention.ts";
export type { Span } from "./entities/span.ts";
