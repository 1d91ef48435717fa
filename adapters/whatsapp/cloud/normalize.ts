import { z } from "zod";
import type { Normalized } from "../../../core/adapter.ts";
import type { Attachment } from "../../../core/event.ts";
import type { Content, EventBase } from "../normalize.ts";
import { contentEvent, kindOf, placeText, timeOf } from "../normalize.ts";

const Media = z.object({
  id: z.string().min(1).max(512),
  mime_type: z.string().optional(),
  sha256: z.string().optional(),
  caption: z.string().optional(),
  filename: z.string().optional(),
  voice: z.boolean().optional(),
});
const Reply = z.object({ id: z.string().min(1).max(256), title: z.string().optional() });

/** One message of a webhook, in the fields that are read. */
const CloudMessage = z.object({
  id: z.string().min(1).max(512),
  from: z.string().min(1).max(64),
  timestamp: z.string().regex(/^\d{1,12}$/u),
  type: z.string(),
  text: z.object({ body: z.string() }).optional(),
  image: Media.optional(),
  audio: Media.optional(),
  video: Media.optional(),
  document: Media.optional(),
  sticker: Media.optional(),
  location: z
    .object({
      latitude: z.number(),
      longitude: z.number(),
      name: z.string().optional(),
      address: z.string().optional(),
    })
    .optional(),
  contacts: z
    .array(
      z.object({
        name: z.object({ formatted_name: z.string() }).optional(),
        phones: z.array(z.object({ phone: z.string().optional() })).optional(),
      }),
    )
    .optional(),
  interactive: z.object({ type: z.string(), button_reply: Reply.optional(), list_reply: Reply.optional() }).optional(),
  /** A quick reply of a template. */
  button: z.object({ text: z.string(), payload: z.string().optional() }).optional(),
  reaction: z.object({ message_id: z.string().min(1), emoji: z.string().optional() }).optional(),
  context: z.object({ id: z.string().optional(), from: z.string().optional() }).optional(),
});
type CloudMessage = z.infer<typeof CloudMessage>;

/** A message with what its webhook says around it. */
const CloudRaw = z.object({
  message: CloudMessage,
  name: z.string().optional(),
  /** The bot's own number, to know whom a quoted message is of. */
  self: z.string().optional(),
});
export type CloudRaw = z.input<typeof CloudRaw>;

/** A message of the Cloud API to an event, or the reason why it is none. */
export function normalizeCloud(raw: unknown): Normalized {
  const parsed = CloudRaw.safeParse(raw);
  if (!parsed.success) return { ignored: "not a message of the Cloud API" };
  const { message, name, self } = parsed.data;
  const base: EventBase = {
    key: `message:${message.id}`,
    chat: { id: message.from, type: "direct" },
    user: { id: message.from, ...(name === undefined ? {} : { name }) },
    timestamp: timeOf(Number(message.timestamp)),
    reference: { messageId: message.id },
  };
  const ignored = (reason: string): Normalized => ({ ignored: reason, messageId: message.id, chat: message.from });
  if (message.interactive !== undefined) return pressed(message, base) ?? ignored("an unknown interactive answer");
  if (message.reaction !== undefined) return reacted(message, base) ?? ignored("a reaction was taken back");
  const content = contentOf(message, self);
  return content === undefined
    ? ignored(`a message of type "${message.type}"`)
    : { event: contentEvent(base, content) };
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

function contentOf(message: CloudMessage, self: string | undefined): Content | undefined {
  const words = wordsOf(message);
  const attachments = [...filesOf(message), ...placesOf(message)];
  if (words === undefined && attachments.length === 0) return undefined;
  const { id, from } = message.context ?? {};
  return {
    messageId: message.id,
    text: words ?? "",
    attachments,
    ...(id === undefined || id === ""
      ? {}
      : { replyTo: { messageId: id, ...(from === undefined ? {} : { userId: from }), isSelf: from === self } }),
  };
}

function wordsOf({ text, button, image, video, document, location, contacts }: CloudMessage): string | undefined {
  if (location !== undefined) return placeText(location);
  const captions = [image, video, document].map((media) => media?.caption);
  const said = [text?.body, button?.text, ...captions].find((words) => words !== undefined);
  return said ?? contacts?.map(contactText).join("\n");
}

type Contact = NonNullable<CloudMessage["contacts"]>[number];

function contactText({ name, phones = [] }: Contact): string {
  return [name?.formatted_name, ...phones.map(({ phone }) => phone)].filter((part) => part !== undefined).join(" ");
}

type Draft = z.input<typeof Attachment>;

function filesOf(message: CloudMessage): readonly Draft[] {
  const { image, audio, video, document, sticker } = message;
  return Object.entries({ image, audio, video, document, sticker }).flatMap(([type, media]): readonly Draft[] =>
    media === undefined
      ? []
      : [
          {
            id: media.id,
            kind: kindOf(type),
            ...(media.filename === undefined ? {} : { name: media.filename.slice(0, 256) }),
            ...(media.mime_type === undefined ? {} : { mediaType: media.mime_type.slice(0, 128) }),
            reference: { media: media.id },
          },
        ],
  );
}

function placesOf({ id, location, contacts = [] }: CloudMessage): readonly Draft[] {
  const place: readonly Draft[] =
    location === undefined
      ? []
      : [
          {
            id: `${id}:place`,
            kind: "location",
            reference: { latitude: location.latitude, longitude: location.longitude },
          },
        ];
  return [
    ...place,
    ...contacts.map((contact, index): Draft => ({
      id: `${id}:contact-${index}`,
      kind: "contact",
      ...(contact.name === undefined ? {} : { name: contact.name.formatted_name.slice(0, 256) }),
    })),
  ];
}
