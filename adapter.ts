/** For authors of adapters and tools: the contracts, and the pieces that adapters are built from. */
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
  Degradation,
  Health,
  HistoryEntry,
  LoginPrompt,
  Normalized,
  Outgoing,
  Rendered,
  RenderOptions,
  SendReceipt,
  SpooledFile,
} from "./core/adapter.ts";
export type { AccountConfig, CrewFactory, OpenContext, OpenToolPack, ToolPackFactory } from "./core/bot.ts";
export type { Check } from "./core/check.ts";
export { secret, Secret } from "./core/config/index.ts";
export { accountId, conversationId, conversationParts } from "./core/conversation-id.ts";
export { defineTool } from "./core/define-tool.ts";
export { formatMoney, replyMarkdown } from "./core/delivery/index.ts";
export { InvalidInputError, ParleyError } from "./core/errors.ts";
export type { Attachment, EventDraft, InboundEvent } from "./core/event.ts";
export type { HttpRequest, HttpRoute, Socket, SocketRoute } from "./core/http.ts";
export type { LiveSignal } from "./core/live.ts";
export {
  cleanText,
  escapeMarkdown,
  parseMarkdown,
  quoteData,
  splitMarkdown,
  splitPlain,
  toMarkdown,
  toPlainText,
} from "./core/markdown/index.ts";
export type {
  Choice,
  Money,
  Proposal,
  Recommendation,
  Reply,
  ReplyDraft,
  ReplyFile,
  ReplyTarget,
  Source,
} from "./core/reply.ts";
export {
  AmbiguousSendError,
  MarkupRefusedError,
  PermanentSendError,
  RateLimitedError,
  TransientSendError,
} from "./core/send-errors.ts";
export type { Tool, ToolContext, ToolDefinition, ToolOutcome, ToolResult } from "./core/tool.ts";
