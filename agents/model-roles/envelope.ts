/** How people's words, facts and tool results are put before a model: as JSON in tags that nothing inside can close. */
import { AIMessage, HumanMessage, SystemMessage, type BaseMessage } from "@langchain/core/messages";
import { quotedSpeaker } from "../../core/conversation/window.ts";
import type { CrewInput, HistoryMessage } from "../../core/crew.ts";
import type { CrewState, Desk } from "../roles/contract.ts";
import { requestOf } from "../roles/contract.ts";

/** JSON in which no tag can begin. */
export function safeJson(value: unknown): string {
  return (JSON.stringify(value) ?? "null").replaceAll("<", "\\u003c");
}

/** The system prompt; marked for the provider's cache, as it is the same for every message. */
export function systemMessage(text: string, marksCache: boolean): SystemMessage {
  if (!marksCache) return new SystemMessage(text);
  return new SystemMessage({ content: [{ type: "text", text, cache_control: { type: "ephemeral" } }] });
}

/** The window of the conversation, beginning with a message of a person as every provider wants it. */
export function historyMessages(history: readonly HistoryMessage[]): readonly BaseMessage[] {
  const written = history.filter(({ text }) => text.trim() !== "");
  const first = written.findIndex(({ role }) => role === "user");
  if (first === -1) return [];
  return written.slice(first).map(({ role, text, speaker }) => {
    if (role === "assistant") return new AIMessage(text);
    return new HumanMessage(speaker === undefined ? text : `${speaker} wrote: ${text}`);
  });
}

/** The newest words with what is known around them. */
export function requestMessage(state: CrewState, { input }: Desk, extra: readonly string[] = []): HumanMessage {
  const parts = [
    `<context>${safeJson(contextOf(input))}</context>`,
    ...extra,
    `<message>${safeJson(requestOf(state))}</message>`,
  ];
  return new HumanMessage(parts.join("\n"));
}

function contextOf({ now, timeZone, chatType, userName, memory, attachments, bot }: CrewInput) {
  return {
    now,
    timeZone,
    locale: bot.locale,
    chat: chatType,
    ...(userName !== undefined && { displayName: JSON.parse(quotedSpeaker(userName)) }),
    ...(memory.length > 0 && { remembered: memory.map(({ key, value }) => ({ key, value })) }),
    ...(attachments.length > 0 && {
      attachedFiles: attachments.map(({ kind, name, mediaType }) => ({ kind, name, mediaType })),
    }),
  };
}
