/** For authors of adapters, tools and crews: the contracts, and the pieces that the built-in ones are made of. */

// The contract of an adapter.
export { defineAdapter } from "./core/adapter-binding.ts";
export type { AnyAdapter } from "./core/adapter-binding.ts";
export { ADAPTER_API_VERSION } from "./core/adapter.ts";
export type {
  Accepted,
  Adapter,
  AdapterContext,
  AdapterManifest,
  AdapterSession,
  Capabilities,
  CommandDefinition,
  ConversationFacts,
  Degradation,
  Health,
  HistoryEntry,
  Identity,
  LoginPrompt,
  Normalized,
  NormalizeContext,
  Outgoing,
  OutgoingAddress,
  Rendered,
  RenderOptions,
  SendReceipt,
  SpooledFile,
} from "./core/adapter.ts";
export { accountWith } from "./core/bot.ts";
export type { AccountConfig, AccountOptions } from "./core/bot.ts";
export type { Check } from "./core/check.ts";
export { Secret, secret } from "./core/config/secret.ts";
export type { SecretReference } from "./core/config/secret.ts";
export { countedAddress } from "./core/counted-address.ts";
export { accountId, conversationId, conversationParts } from "./core/conversation-id.ts";
export type { AccountId, ConversationId } from "./core/conversation-id.ts";
export type { Files, KeptFiles } from "./core/files/files.ts";
export { eventOfTurn } from "./core/dead-letter-turn.ts";
export type { Attachment, EventDraft, ForwardedPart, InboundEvent, Mention, ReplyTo } from "./core/event.ts";
export { ofCaller, ownedBy } from "./core/http.ts";
export type {
  BotOf,
  Caller,
  HttpRequest,
  HttpRoute,
  Owner,
  OwnerOf,
  RouteExample,
  Socket,
  SocketRoute,
} from "./core/http.ts";
export { Next, pagesOf } from "./core/paging.ts";
export type { Permission, RoutePermission } from "./core/permission.ts";
export type { LiveSignal } from "./core/live.ts";

// Errors: what a send may end with, and how anything thrown is described.
export { describeError, InvalidInputError, ParleyError, toError } from "./core/errors.ts";
export { publicDetail } from "./core/public-detail.ts";
export {
  AmbiguousSendError,
  FileRefusedError,
  MarkupRefusedError,
  PermanentSendError,
  PlaceGoneError,
  RateLimitedError,
  TransientSendError,
} from "./core/send-errors.ts";
export type { Elsewhere } from "./core/send-errors.ts";

// Replies, and how what they carry is written where a platform has no form of its own for it.
export { Reply } from "./core/reply.ts";
export type {
  Card,
  CardDraft,
  Choice,
  Fact,
  Proposal,
  ReplyDraft,
  ReplyFile,
  ReplyTarget,
  Source,
} from "./core/reply.ts";
export type { Money } from "./core/money.ts";
export { proposalReply } from "./core/proposal-reply.ts";
export { localeText } from "./core/delivery/locale-text.ts";
export type { Language, LocaleText } from "./core/delivery/locale-text.ts";
export { formatMoney, supportedLocale } from "./core/delivery/money-text.ts";
export { numberable } from "./core/delivery/numbered-choices.ts";
export {
  cardsMarkdown,
  disclaimersMarkdown,
  proposalMarkdown,
  replyMarkdown,
  sourcesMarkdown,
} from "./core/delivery/render-text.ts";

// Text: the Markdown tree, its writers, and cutting without loss.
export {
  canonicalTree,
  cleanText,
  escapeMarkdown,
  parseMarkdown,
  quoteData,
  splitIntoParts,
  splitMarkdown,
  splitPlain,
  splitTree,
  toMarkdown,
  toPlainText,
} from "./core/markdown/index.ts";
export { toHtml, toSafeHast } from "./core/markdown/html.ts";
export { cutText, oneLine, wellFormed } from "./core/text/cut.ts";
export { firstCharacter, lastCharacter } from "./core/text/edge-characters.ts";

// Pages in the look of the product.
export { escapeHtml } from "./core/text/escape-html.ts";
export { look } from "./core/page/look.ts";
export { tableBox } from "./core/page/table.ts";

// Reading what platforms send, and files that people send.
export {
  AttachmentExpiredError,
  AttachmentFetchError,
  AttachmentHostError,
  AttachmentTooLargeError,
  AttachmentUnknownError,
} from "./core/attachments/errors.ts";
export { isTooDeep, Json, JsonObject } from "./core/json.ts";
export { optionalPart, readableItems } from "./core/lenient.ts";

// The process around an adapter: time, signals, network, log.
export { backOffMs } from "./core/timing/back-off.ts";
export type { BackOff } from "./core/timing/back-off.ts";
export { inTime, within } from "./core/timing/deadline.ts";
export { linkSignals, untilAborted, whenAborted } from "./core/timing/signals.ts";
export { pauseFor, realSleep } from "./core/timing/sleep.ts";
export type { Sleep } from "./core/timing/sleep.ts";
export type { Clock, Environment } from "./core/environment.ts";
export { directNetwork } from "./core/network/network.ts";
export type { Network } from "./core/network/network.ts";
export { packageDirectory } from "./core/package-directory.ts";
export { silentTelemetry } from "./core/silent-telemetry.ts";
export type { Logger, Telemetry } from "./core/telemetry.ts";

// Tools: the contract, what they know of language, and the one reader of numbers, money and dates in a person's words.
export type { OpenContext, OpenToolPack, Reaction, ToolPackFactory } from "./core/bot.ts";
export { defineTool } from "./core/define-tool.ts";
export type {
  DescribedTool,
  Echo,
  Tool,
  ToolContext,
  ToolDefinition,
  ToolOutcome,
  ToolResult,
  ToolRunner,
} from "./core/tool.ts";
export type {
  EntityKind,
  Hearer,
  LanguageWords,
  NamedEntity,
  Provenance,
  Slot,
  SlotDefinition,
  Teaching,
} from "./core/teaching.ts";
export type { Intent, Intents } from "./core/intents.ts";
export {
  explainDoubt,
  findIbans,
  isValidIban,
  readDates,
  readMoney,
  readOrder,
  worstDoubt,
} from "./core/language/index.ts";
export type {
  AmountMention,
  DateReading,
  Doubt,
  IbanMention,
  MoneyReading,
  OrderReading,
} from "./core/language/index.ts";

// Crews: who answers.
export type { CrewContext, CrewFactory } from "./core/bot.ts";
export type {
  Crew,
  CrewInput,
  CrewResult,
  CrewTurn,
  HistoryMessage,
  MemoryFact,
  ModelUsage,
  ReferredMessage,
  SentFile,
} from "./core/crew.ts";
