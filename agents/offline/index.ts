/** Table of contents: the language understanding that needs no model. */
export { loadIntents } from "./intent-model.ts";
export { createUnderstanding } from "./understand.ts";
export type { Understanding, UnderstandingContext, UnderstandingOptions, Understood } from "./understand.ts";
export { routeOfIntent } from "./intents.ts";
export type { Intent, Route } from "./intents.ts";
export type { IntentGuess, RecognizedIntent } from "./recognize-intent.ts";
export type { Entity, KnownParties } from "./entities/find-entities.ts";
export type { AccountMention, KnownAccount } from "./entities/account-mention.ts";
export type { LinkCodeMention } from "./entities/link-codes.ts";
export { isCommonWord } from "./entities/not-a-name.ts";
export type { KnownPayee, PayeeMention } from "./entities/payee-mention.ts";
