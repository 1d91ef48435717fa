/** Conversations that people have instead of the bot. */
export { createHandOverDesk, type HandOverDesk, type HandOverDeskOptions, knownConversation } from "./desk.ts";
export { HAND_OVER_TOOL, HandOverPolicy } from "./policy.ts";
export { ruleBroken, strainAfter } from "./rules.ts";
export { backChoice, backText, begunText, wantsBack } from "./words.ts";
