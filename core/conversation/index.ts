/** Conversations: their life, what a model reads of them, what is remembered where, and who is the same person. */
export { createConversationLife, type ConversationLife, type ConversationLifeOptions } from "./sessions.ts";
export { createEraser, createPersonEraser, type Erase } from "./eraser.ts";
export { historyWindow, quotedSpeaker, type WindowLimits } from "./window.ts";
export { createMemoryAccess, type MemoryAccess } from "./memory-scope.ts";
export {
  createLinking,
  type Linking,
  type LinkingOptions,
  type LinkIdentity,
  type LinkResult,
  type StartLinkResult,
} from "./linking.ts";
export { parseLinkCode } from "./link-code.ts";
