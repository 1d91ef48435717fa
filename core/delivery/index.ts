/**
 * Delivery: from the outbox to what a person sees, and back as a record of it.
 *
 * Reading order: `deliver` (one reply) → `send-parts` (its messages, one after the other) → `doubt` (a message that
 * may or may not have arrived) → `outcome`. `fragments` and `parts` cut a reply to the platform's size, `limiter`
 * keeps to its rates, `live`, `stream` and `typing` show what is still being written.
 */
export { createDelivery } from "./deliver.ts";
export type { Delivered, DeliveryOptions } from "./delivery-options.ts";
export { DEFAULT_SEND_POLICY, type SendPolicy } from "./send-policy.ts";
export { type Limiter, type LimiterOptions, createLimiter } from "./limiter.ts";
export { type Live, type LiveOptions, type LiveReplies, createLive } from "./live.ts";
export { type Language, type LocaleText, localeText } from "./locale-text.ts";
export { formatMoney, supportedLocale } from "./money-text.ts";
export { numberable, readNumber, recallChoices } from "./numbered-choices.ts";
export {
  type NativeExtras,
  cardsMarkdown,
  choicesMarkdown,
  disclaimersMarkdown,
  proposalMarkdown,
  replyMarkdown,
  sourcesMarkdown,
} from "./render-text.ts";
export { measureIn, splitIn } from "./split-in.ts";
