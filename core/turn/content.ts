/** What the messages of a turn hold together: words, people, files, and the messages they refer to. */
import { createHash } from "node:crypto";
import type { WaitingEvent } from "../broker/broker.ts";
import type { ReferredMessage } from "../crew.ts";
import type { Attachment, ForwardedPart, InboundEvent, Mention, ReplyTo } from "../event.ts";
import { filesOf, textOf } from "../event.ts";
import { cutText } from "../text/cut.ts";

type Covered = readonly Pick<WaitingEvent, "event">[];

/** As much of a message that was answered or handed on stands in the history of the turn about it. */
const QUOTED_IN_HISTORY = 500;

/** The words of a turn: a command without its slash, a burst joined by line breaks. */
export function wordsOf(events: Covered): string {
  return events
    .map(({ event }) => (event.type === "command" ? `${event.name} ${event.text}`.trim() : textOf(event)))
    .filter((text) => text !== "")
    .join("\n");
}

/** The files that the person sent, of all messages. */
export function attachmentsOf(events: Covered): readonly Attachment[] {
  return unique(
    events.flatMap(({ event }) => ("attachments" in event ? event.attachments : [])),
    ({ id }) => id,
  );
}

/** The people named in any of the messages, the bot left out. */
export function mentionsOf(events: Covered): readonly Mention[] {
  const named = events.flatMap(({ event }) => ("mentions" in event ? event.mentions : []));
  return unique(
    named.filter(({ isSelf }) => !isSelf),
    ({ userId }) => userId,
  );
}

/** The messages that the turn's messages answer or hand on, each once. */
export function referredIn(events: Covered): readonly ReferredMessage[] {
  const found = events.flatMap(({ event }) => [
    ...("replyTo" in event && event.replyTo !== undefined ? [repliedTo(event.replyTo)] : []),
    ...("forwarded" in event ? event.forwarded.map(handedOn) : []),
  ]);
  const telling = found.filter(
    ({ text, quote, attachments }) => text !== "" || quote !== undefined || attachments.length > 0,
  );
  return unique(telling, ({ attachments, ...words }) => JSON.stringify([words, attachments.map(({ id }) => id)]));
}

/** What the history keeps of a turn: what others said as a block quote, which it stays when it is read again. */
export function historyText(events: Covered): string {
  const quotes = referredIn(events)
    .filter(({ isSelf, isExternal }) => !isSelf || isExternal)
    .map(({ speaker, quote, text, attachments }) => {
      const words = (quote ?? text).trim() || attachments.map(({ name, kind }) => name ?? kind).join(", ");
      const said = speaker === undefined ? words : `${speaker.replaceAll(/\s+/gu, " ")}: ${words}`;
      return cutText(said, QUOTED_IN_HISTORY, "…").replaceAll(/^/gmu, "> ");
    });
  return [...quotes, wordsOf(events)].filter((part) => part !== "").join("\n");
}

/** Tells by words and files alone whether a message says what it said before: not by spaces, pins or link previews. */
export function fingerprintOf(event: InboundEvent): string {
  const forwarded = "forwarded" in event ? event.forwarded.map(({ text }) => plain(text)) : [];
  const files = ("attachments" in event ? filesOf({ ...event, replyTo: undefined }) : []).map(({ id }) => id);
  const said = JSON.stringify([plain(textOf(event)), forwarded, files.toSorted()]);
  return createHash("sha256").update(said).digest("base64url").slice(0, 22);
}

const plain = (text: string): string => text.normalize("NFC").replaceAll(/\s+/gu, " ").trim();

function repliedTo(replyTo: ReplyTo): ReferredMessage {
  const { text = "", quote, userName, userId, isSelf, isForwarded, isExternal, attachments } = replyTo;
  const speaker = userName ?? userId;
  return {
    kind: "replied",
    ...(speaker === undefined ? {} : { speaker }),
    isSelf,
    text,
    ...(quote === undefined || quote === text ? {} : { quote }),
    isForwarded,
    isExternal,
    attachments,
  };
}

function handedOn({ text, userName, userId, attachments }: ForwardedPart): ReferredMessage {
  const speaker = userName ?? userId;
  return {
    kind: "forwarded",
    ...(speaker === undefined ? {} : { speaker }),
    isSelf: false,
    text,
    isForwarded: true,
    isExternal: true,
    attachments,
  };
}

function unique<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly Item[] {
  if (items.length < 2) return items;
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}
