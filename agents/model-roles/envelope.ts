/** How people's words, facts and tool results are put before a model: as JSON in tags that nothing inside can close. */
import { AIMessage, HumanMessage, SystemMessage, type BaseMessage } from "@langchain/core/messages";
import { quotedSpeaker } from "../../core/conversation/window.ts";
import type { CrewInput, HistoryMessage, ReferredMessage, SentFile } from "../../core/crew.ts";
import { segmentsOf } from "../../core/language/segments.ts";
import { cutText, wellFormed } from "../../core/text/cut.ts";
import type { Brevity, CrewModel } from "../models/ask-model.ts";
import type { CrewState, Desk } from "../roles/contract.ts";
import { NO_MASK, type PromptMask } from "./prompt-mask.ts";
import { requestOf } from "../roles/contract.ts";

/** JSON in which no tag can begin, no text of it shows what the mask hides, and no lone surrogate stands: providers refuse a request that has one. */
export function safeJson(value: unknown, { hide }: Pick<PromptMask, "hide"> = NO_MASK): string {
  const json = JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "string" ? hide(wellFormed(inner)) : inner,
  );
  return (json ?? "null").replaceAll("<", "\\u003c");
}

/** A person's words; where they quote or paste somebody, in pieces that say which are their own. */
function wordsData(text: string): string | readonly Readonly<Record<string, string>>[] {
  const segments = segmentsOf(text);
  return segments.every(({ kind }) => kind === "own") ? text : segments.map((one) => ({ [one.kind]: one.text }));
}

/** What is the same for the next message too is marked for the provider's cache: the system prompt, and all before the newest words. */
const CACHED = { cache_control: { type: "ephemeral" } } as const;

type Prompted = Pick<CrewModel, "marksCache">;

/** The system prompt. */
export function systemMessage(text: string, { marksCache }: Prompted): SystemMessage {
  if (!marksCache) return new SystemMessage(text);
  return new SystemMessage({ content: [{ type: "text", text, ...CACHED }] });
}

/** A role's instructions with those of the specialist that works; the same for every message that it works on. */
export function briefed(prompt: string, { brief = "" }: Desk): string {
  return brief === "" ? prompt : `${prompt}\n\n${brief}`;
}

/** The window of the conversation, beginning with a message of a person as every provider wants it. */
export function historyMessages(
  history: readonly HistoryMessage[],
  {
    model: { marksCache },
    brevity,
    mask,
  }: { readonly model: Prompted; readonly brevity: Brevity; readonly mask: PromptMask },
): readonly BaseMessage[] {
  const { whole } = historyParts(history, brevity);
  const first = whole.findIndex(({ role }) => role === "user");
  const told = first === -1 ? [] : whole.slice(first);
  return told.map(({ role, text, speaker }, index) => {
    const words = role === "assistant" ? mask.hide(wellFormed(text)) : spokenWords(text, { speaker, mask });
    const isLast = index === told.length - 1;
    const content = marksCache && isLast ? [{ type: "text" as const, text: words, ...CACHED }] : words;
    return role === "assistant" ? new AIMessage({ content }) : new HumanMessage({ content });
  });
}

function spokenWords(
  text: string,
  { speaker, mask }: { readonly speaker: string | undefined; readonly mask: PromptMask },
): string {
  const data = wordsData(text);
  const words = typeof data === "string" ? mask.hide(wellFormed(data)) : safeJson(data, mask);
  return speaker === undefined ? words : `${speaker} wrote: ${words}`;
}

/** How many earlier messages are told whole, and how many in a line each, when the prompt is too long for the model. */
const TOLD_WHOLE = [Number.POSITIVE_INFINITY, 4, 0] as const;
const TOLD_IN_SHORT = [0, 40, 12] as const;
const LONGEST_LINE = 160;

function historyParts(history: readonly HistoryMessage[], brevity: Brevity) {
  const written = history.filter(({ text }) => text.trim() !== "");
  const split = Math.max(0, written.length - TOLD_WHOLE[brevity]);
  const inShort = written.slice(Math.max(0, split - TOLD_IN_SHORT[brevity]), split);
  return { whole: written.slice(split), inShort };
}

/** Earlier messages in a line each: what is left of them when there is no room for more. */
function earlierInShort(
  history: readonly HistoryMessage[],
  { brevity, mask }: { readonly brevity: Brevity; readonly mask: PromptMask },
): readonly string[] {
  const { inShort } = historyParts(history, brevity);
  if (inShort.length === 0) return [];
  const lines = inShort.map(({ role, text }) => ({
    [role === "user" ? "person" : "assistant"]: cutText(
      mask.hide(text.replaceAll(/\s+/gu, " ").trim()),
      LONGEST_LINE,
      "…",
    ),
  }));
  return [`<earlier note="shortened">${safeJson(lines)}</earlier>`];
}

/** The newest words with what is known around them. */
export function requestMessage(
  state: CrewState,
  { input, mask }: Desk,
  { brevity, extra = [] }: { readonly brevity: Brevity; readonly extra?: readonly string[] },
): HumanMessage {
  const most = LONGEST_FOREIGN[brevity];
  const parts = [
    `<context>${cutText(safeJson(contextOf(input), mask), most, "… (cut)")}</context>`,
    ...(input.summary === undefined
      ? []
      : [`<summary>${cutText(safeJson(input.summary, mask), most, "… (cut)")}</summary>`]),
    ...earlierInShort(input.history, { brevity, mask }),
    ...(input.referred.length > 0
      ? [`<referred>${cutText(safeJson(input.referred.map(referredData), mask), most, "… (cut)")}</referred>`]
      : []),
    ...extra,
    `<message>${safeJson(wordsData(requestOf(state)), mask)}</message>`,
  ];
  return new HumanMessage(parts.join("\n"));
}

/** Of what others said and sent, where the prompt is too long. */
const LONGEST_FOREIGN = [Number.POSITIVE_INFINITY, 12_000, 3_000] as const;

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
