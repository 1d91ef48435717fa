/** How events rest in Redis: `sequence|message id|json` in a mailbox, opaque to the scripts but for the two heads. */
import { InboundEvent } from "../../event.ts";
import type { WaitingEvent } from "../broker.ts";

/** What is stored of an event, before its sequence. The message id serves edits and deletes that mean this event. */
export function encodeEvent(event: InboundEvent): string {
  return `${messageIdOf(event)}|${JSON.stringify(event)}`;
}

function messageIdOf(event: InboundEvent): string {
  if (event.type !== "message" && event.type !== "edit" && event.type !== "command") return "";
  return event.messageId === undefined ? "" : encodeMessageId(event.messageId);
}

/** A platform's message id without the separator. */
export function encodeMessageId(messageId: string): string {
  return messageId.replaceAll("%", "%25").replaceAll("|", "%7C");
}

/** Undefined when this version cannot read the item. */
export function decodeItem(item: string): WaitingEvent | undefined {
  const end = item.indexOf("|");
  const event = decodeEvent(item.slice(end + 1));
  const sequence = Number(item.slice(0, end));
  return event === undefined || !Number.isInteger(sequence) ? undefined : { sequence, event };
}

/** Takes apart what `encodeEvent` made. */
export function decodeEvent(encoded: string): InboundEvent | undefined {
  return parseEvent(encoded.slice(encoded.indexOf("|") + 1));
}

/** The items up to the first that this version cannot read. */
export function decodeItems(items: readonly string[]): readonly WaitingEvent[] {
  const readable: WaitingEvent[] = [];
  for (const item of items) {
    const waiting = decodeItem(item);
    if (waiting === undefined) break;
    readable.push(waiting);
  }
  return readable;
}

/** An event from its JSON; undefined when it is none of this version. */
export function parseEvent(json: string): InboundEvent | undefined {
  const parsed = InboundEvent.safeParse(parseJson(json));
  return parsed.success ? parsed.data : undefined;
}

/** Undefined when the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
