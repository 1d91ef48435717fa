/** How people's words, facts and tool results are put before a model: as JSON in tags that nothing inside can close. */
import { AIMessage, HumanMessage, SystemMessage, type BaseMessage } from "@langchain/core/messages";
import { quotedSpeaker } from "../../core/conversation/window.ts";
import type { CrewInput, HistoryMessage, ReferredMessage, SentFile } from "../../core/crew.ts";
import { segmentsOf } from "../../core/language/segments.ts";
import { wellFormed } from "../../core/text/cut.ts";
import type { CrewState, Desk } from "../roles/contract.ts";
import { requestOf } from "../roles/contract.ts";

/** JSON in which no tag can begin, and no lone surrogate stands: providers refuse a request that has one. */
export function safeJson(value: unknown): string {
  const json = JSON.stringify(value, (_key, inner: unknown) => (typeof inner === "string" ? wellFormed(inner) : inner));
  return (json ?? "null").replaceAll("<", "\\u003c");
}

/** A person's words; where they quote or paste somebody, in pieces that say which are their own. */
function wordsData(text: string): string | readonly Readonly<Record<string, string>>[] {
  const segments = segmentsOf(text);
  return segments.every(({ kind }) => kind === "own") ? text : segments.map((one) => ({ [one.kind]: one.text }));
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
    if (role === "assistant") return new AIMessage(wellFormed(text));
    const data = wordsData(text);
    const words = typeof data === "string" ? wellFormed(data) : safeJson(data);
    return new HumanMessage(speaker === undefined ? words : `${speaker} wrote: ${words}`);
  });
}

/** The newest words with what is known around them. */
export function requestMessage(state: CrewState, { input }: Desk, extra: readonly string[] = []): HumanMessage {
  const parts = [
    `<context>${safeJson(contextOf(input))}</context>`,
    ...(input.referred.length > 0 ? [`<referred>${safeJson(input.referred.map(referredData))}</referred>`] : []),
    ...extra,
    `<message>${safeJson(wordsData(requestOf(state)))}</message>`,
  ];
  return new HumanMessage(parts.join("\n"));
}

/** What somebody else said, with the speaker; the display name is data like the words. */
function referredData({ kind, speaker, isSelf, text, quote, isForwarded, isExternal, attachments }: ReferredMessage) {
  return {
    how: kind === "replied" ? "the message answered or asked about" : "a message handed on",
    ...(isSelf
      ? { speaker: "this assistant" }
      : speaker !== undefined && { speaker: JSON.parse(quotedSpeaker(speaker)) }),
    ...(text !== "" && { text }),
    ...(quote !== undefined && { markedPart: quote }),
    ...(isForwarded && { forwarded: true }),
    ...(isExternal && { fromAnotherChat: true }),
    ...(attachments.length > 0 && { files: attachments.map(fileData) }),
  };
}

const fileData = ({ kind, name, mediaType, text }: SentFile) => ({
  kind,
  name,
  mediaType,
  ...(text === undefined ? { note: "not readable here: say so where it matters" } : { text }),
});

function contextOf({ now, timeZone, chatType, userName, memory, attachments, mentions, bot }: CrewInput) {
  return {
    now,
    timeZone,
    locale: bot.locale,
    chat: chatType,
    ...(userName !== undefined && { displayName: JSON.parse(quotedSpeaker(userName)) }),
    ...(memory.length > 0 && { remembered: memory.map(({ key, value }) => ({ key, value })) }),
    ...(attachments.length > 0 && { attachedFiles: attachments.map(fileData) }),
    ...(mentions.length > 0 && {
      mentionedPeople: mentions.map(({ name, userId }) => JSON.parse(quotedSpeaker(name ?? userId))),
    }),
  };
}
