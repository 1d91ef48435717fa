import { z } from "zod";
import type { EventDraft, Normalized } from "../../../adapter.ts";
import { optionalPart } from "../../../adapter.ts";
import type { Content, EventBase } from "../normalize.ts";
import { contentEvent, kindOf, timeOf } from "../normalize.ts";
import type { Said } from "./message.ts";
import { CloudMessage } from "./message.ts";
import { wordsOf } from "./words.ts";

/** A message with what its webhook says around it. */
const CloudRaw = z.object({
  message: CloudMessage,
  name: optionalPart(z.string()),
  /** The bot's own number, to know whom a quoted message is of. */
  self: optionalPart(z.string()),
  /** The sender's user id, where the webhook's contacts say it and the message does not. */
  userId: optionalPart(z.string()),
  /** Under which id the sender is known, where it is not the one that the message names. */
  knownAs: optionalPart(z.string()),
  /** When it came, in seconds, for a message that does not say when it was written. */
  at: optionalPart(z.number()),
});
export type CloudRaw = { readonly message: unknown } & Partial<Omit<z.input<typeof CloudRaw>, "message">>;

/** A message of the Cloud API to an event, or the reason why it is none. */
export function normalizeCloud(raw: unknown): Normalized {
  const parsed = CloudRaw.safeParse(raw);
  if (!parsed.success) return unreadable(raw, parsed.error);
  const { message, self } = parsed.data;
  const base = baseOf(parsed.data);
  if (base === undefined) return { ignored: "a message that names no sender", messageId: message.id, chat: "unknown" };
  const chat = base.chat.keptAs ?? base.chat.id;
  const ignored = (reason: string): Normalized => ({ ignored: reason, messageId: message.id, chat });
  if (message.system !== undefined || message.type === "system")
    return ignored(`news of a person: "${message.system?.type ?? "unknown"}"`);
  if (message.reaction !== undefined) return reacted(message, base) ?? ignored("a reaction was taken back");
  return changed(message, base, self) ?? pressed(message, base) ?? { event: toldBy(message, base, self) };
}

/** A first opening of the chat is the start; everything else says something. */
function toldBy(message: CloudMessage, base: EventBase, self: string | undefined): EventDraft {
  if (message.type === "request_welcome") return { ...base, type: "command", messageId: message.id, name: "start" };
  return contentEvent(base, contentOf(message, message.id, self));
}

/** A message that was edited, or taken back. */
function changed(
  { id, edit, revoke }: CloudMessage,
  base: EventBase,
  self: string | undefined,
): Normalized | undefined {
  if (revoke !== undefined) {
    const messageId = revoke.original_message_id;
    return { event: { ...base, key: `delete:${messageId}`, type: "delete", messageId } };
  }
  if (edit === undefined) return undefined;
  const { original_message_id: messageId, message } = edit;
  return { event: { ...base, key: `edit:${messageId}:${id}`, type: "edit", ...contentOf(message, messageId, self) } };
}

/** Which fields do not fit; the message itself is nobody's business here. */
function unreadable(raw: unknown, error: z.ZodError): Normalized {
  const { data } = z.object({ message: z.object({ id: z.string(), from: z.string() }) }).safeParse(raw);
  const where = error.issues.map(({ path }) => path.join(".")).join(", ");
  return {
    ignored: `not a message of the Cloud API: ${where}`,
    ...(data === undefined ? {} : { messageId: data.message.id, chat: data.message.from }),
  };
}

/** An answer goes to the address that was written from; the person is known under one id, whichever that is. */
function baseOf({ message, name, userId, knownAs, at }: z.infer<typeof CloudRaw>): EventBase | undefined {
  const address = message.from ?? message.from_user_id ?? userId;
  if (address === undefined) return undefined;
  const id = knownAs ?? address;
  const kept = id === address ? {} : { keptAs: id };
  const group = message.group_id ?? undefined;
  return {
    key: `message:${message.id}`,
    chat: group === undefined ? { id: address, type: "direct", ...kept } : { id: group, type: "group" },
    user: { id, ...(name === undefined ? {} : { name }) },
    timestamp: timeOf(message.timestamp ?? at ?? 0),
    // In a group the answer may have to go to the person alone.
    reference: { messageId: message.id, ...(group === undefined ? {} : { person: address }) },
  };
}

function pressed({ interactive, context }: CloudMessage, base: EventBase): Normalized | undefined {
  const choice = interactive?.button_reply ?? interactive?.list_reply;
  if (choice === undefined) return undefined;
  const of = context?.id === undefined ? {} : { messageId: context.id };
  return { event: { ...base, type: "action", ...of, choiceId: choice.id } };
}

function reacted({ reaction }: CloudMessage, base: EventBase): Normalized | undefined {
  if (reaction?.emoji === undefined || reaction.emoji === "") return undefined;
  return { event: { ...base, type: "reaction", messageId: reaction.message_id, emoji: reaction.emoji, added: true } };
}

function contentOf(said: Said, messageId: string, self: string | undefined): Content {
  const words = wordsOf(said);
  const attachments = [...filesOf(said), ...placesOf(said, messageId)];
  const replyTo = replyOf(said, self);
  const about = {
    messageId,
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(words === undefined && attachments.length === 0 ? { unreadable: said.type || "unknown" } : {}),
  };
  // WhatsApp does not tell whose words these are: the person hands them on, and has added none.
  if (isForwarded(said)) return { ...about, text: "", forwarded: [{ text: words ?? "", attachments }] };
  return { ...about, attachments, ...addressed(words ?? "", self) };
}

function isForwarded({ context }: Said): boolean {
  return context?.forwarded === true || context?.frequently_forwarded === true;
}

/** What the person answers, or the advertisement or post that led here: the words of the business, not of the person. */
function replyOf({ context, referral }: Said, self: string | undefined): Content["replyTo"] {
  if (context?.id !== undefined)
    return {
      messageId: context.id,
      ...(context.from === undefined ? {} : { userId: context.from }),
      isSelf: context.from !== undefined && context.from === self,
    };
  const text = [referral?.headline, referral?.body, referral?.source_url]
    .filter((part) => part !== undefined)
    .join("\n");
  return text === "" ? undefined : { text, isExternal: true };
}

/** "@15550001111 what does a card cost?": the number says only who is asked. */
function addressed(text: string, self: string | undefined): Pick<Content, "text" | "mentions"> {
  const own = `@${self ?? ""}`;
  if (self === undefined || !text.includes(own)) return { text };
  return {
    text: text.startsWith(own) ? text.slice(own.length).trimStart() : text,
    mentions: [{ userId: self, isSelf: true }],
  };
}

type Draft = NonNullable<Content["attachments"]>[number];

function filesOf({ image, audio, video, document, sticker }: Said): readonly Draft[] {
  return Object.entries({ image, audio, video, document, sticker }).flatMap(([type, media]): readonly Draft[] =>
    media === undefined
      ? []
      : [
          {
            id: media.id,
            kind: kindOf(type),
            ...(media.filename === undefined ? {} : { name: media.filename }),
            ...(media.mime_type === undefined ? {} : { mediaType: media.mime_type }),
            reference: { media: media.id },
          },
        ],
  );
}

function placesOf({ location, contacts }: Said, messageId: string): readonly Draft[] {
  const { latitude = 0, longitude = 0 } = location ?? {};
  const place: Draft = { id: `${messageId}:place`, kind: "location", reference: { latitude, longitude } };
  return [
    ...(location === undefined ? [] : [place]),
    ...contacts.map(({ name }, index): Draft => ({
      id: `${messageId}:contact-${index}`,
      kind: "contact",
      ...(name === undefined ? {} : { name: name.formatted_name }),
    })),
  ];
}
