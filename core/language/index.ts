/** Table of contents: the one reader of numbers, money, dates, account and telephone numbers. */
export { type DoubtKind, explainDoubt, worstDoubt } from "./explain-doubt.ts";
export { compactIban, findIbans, formatIban, isValidIban, looksLikeIban } from "./iban.ts";
export type { IbanMention } from "./iban.ts";
export { readDates } from "./dates.ts";
export type { DateMention, DateOptions, DatePeriod, DateReading, UnreadTime } from "./dates.ts";
export { languageOf, languageOfLocale } from "./message-language.ts";
export type { Language } from "./message-language.ts";
export { isNear } from "./misspelt.ts";
export { readMoney } from "./money.ts";
export type { AmountMention, AmountOptions, MoneyReading, UnreadNumber } from "./sum.ts";
export { readOrder } from "./order-reading.ts";
export type { Doubt, OrderOptions, OrderReading } from "./order-reading.ts";
export { blanked, overlaps } from "./span.ts";
export type { Span } from "./span.ts";
