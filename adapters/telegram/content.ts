/** What a message of Telegram holds: its words, its files, its place, its contact. Every field costs only itself. */
import { z } from "zod";
import type { Attachment } from "../../adapter.ts";
import { optionalPart, readableItems } from "../../adapter.ts";
import { markWords } from "./mark-words.ts";
import { richWords } from "./rich-words.ts";
import { User } from "./who.ts";

export const Entity = z.object({
  type: z.string(),
  offset: z.number().int().nonnegative(),
  length: z.number().int().nonnegative(),
  user: optionalPart(User),
  url: optionalPart(z.string()),
});
export type Entity = z.infer<typeof Entity>;

const Size = z.object({ file_id: z.string(), file_unique_id: z.string(), file_size: optionalPart(z.number()) });
const File = Size.extend({ file_name: optionalPart(z.string()), mime_type: optionalPart(z.string()) });
const Text = z.object({ text: z.string() });

/** The fields of it that are read, also of a message that another one refers to. */
export const content = {
  text: optionalPart(z.string()),
  caption: optionalPart(z.string()),
  entities: readableItems(Entity),
  caption_entities: readableItems(Entity),
  photo: readableItems(Size),
  document: optionalPart(File),
  animation: optionalPart(File),
  video: optionalPart(File),
  video_note: optionalPart(File),
  voice: optionalPart(File),
  audio: optionalPart(File),
  sticker: optionalPart(File.extend({ emoji: optionalPart(z.string()) })),
  location: optionalPart(z.object({ latitude: z.number(), longitude: z.number() })),
  venue: optionalPart(z.object({ title: z.string(), address: z.string() })),
  contact: optionalPart(
    z.object({
      phone_number: z.string(),
      first_name: optionalPart(z.string()),
      last_name: optionalPart(z.string()),
      user_id: optionalPart(z.number()),
    }),
  ),
  poll: optionalPart(z.object({ question: z.string(), options: readableItems(Text) })),
  dice: optionalPart(z.object({ emoji: z.string(), value: z.number() })),
  checklist: optionalPart(
    z.object({
      title: z.string(),
      tasks: readableItems(Text.extend({ id: optionalPart(z.number()), completion_date: optionalPart(z.number()) })),
    }),
  ),
  rich_message: optionalPart(z.object({ blocks: z.unknown() })),
};
export type Content = z.infer<z.ZodObject<typeof content>>;

/** Files that are shown as what they are; an animation is also a document, so it comes first. */
const FILE_KINDS = [
  ["animation", "video"],
  ["document", "document"],
  ["video", "video"],
  ["video_note", "video"],
  ["voice", "audio"],
  ["audio", "audio"],
  ["sticker", "image"],
] as const;

type Draft = z.input<typeof Attachment>;

/** The files, the place and the contact that a message carries. Fetched by `file_id`, which lives on. */
export function attachmentsOf(message: Content, messageId: number): readonly Draft[] {
  const largest = message.photo.toSorted((left, right) => (left.file_size ?? 0) - (right.file_size ?? 0)).at(-1);
  if (largest !== undefined) return [{ ...fileFacts(largest), kind: "image", mediaType: "image/jpeg" }];
  for (const [field, kind] of FILE_KINDS) {
    const file = message[field];
    if (file !== undefined) return [{ ...fileFacts(file), kind }];
  }
  const { location, venue, contact } = message;
  if (location !== undefined) return [placeOf(location, venue, messageId)];
  return contact === undefined ? [] : [contactOf(contact, messageId)];
}

function fileFacts(file: z.infer<typeof File> | z.infer<typeof Size>) {
  const { file_id: fileId, file_unique_id: id, file_size: sizeBytes } = file;
  const name = "file_name" in file ? file.file_name : undefined;
  const mediaType = "mime_type" in file ? file.mime_type : undefined;
  return {
    id,
    reference: { fileId },
    ...(name === undefined || name === "" ? {} : { name }),
    ...(mediaType === undefined ? {} : { mediaType }),
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
  };
}

/** Its name says where it is, for readers that see names alone. */
function placeOf(
  { latitude, longitude }: NonNullable<Content["location"]>,
  venue: Content["venue"],
  id: number,
): Draft {
  const name = [...(venue === undefined ? [] : [venue.title, venue.address]), `${latitude}, ${longitude}`].join(", ");
  return { id: `location-${id}`, kind: "location", name, reference: { latitude, longitude } };
}

function contactOf(contact: NonNullable<Content["contact"]>, id: number): Draft {
  const { first_name: first, last_name: last, phone_number: phone, user_id: userId } = contact;
  const name = [first, last].filter((part) => part !== undefined).join(" ");
  return {
    id: `contact-${id}`,
    kind: "contact",
    name: [name, phone].filter((part) => part !== "").join(", "),
    reference: { name, phone, ...(userId === undefined ? {} : { userId: String(userId) }) },
  };
}

/** The words of a message of any kind as they were typed, and what they are marked with. */
export function typedWords(message: Content): { readonly text: string; readonly entities: readonly Entity[] } {
  const { text, caption, entities, caption_entities: captionEntities, sticker, poll, dice } = message;
  if (text !== undefined) return { text, entities };
  if (caption !== undefined) return { text: caption, entities: captionEntities };
  const asked =
    poll === undefined ? undefined : [poll.question, ...poll.options.map((one) => `- ${one.text}`)].join("\n");
  const thrown = dice === undefined ? undefined : `${dice.emoji} ${dice.value}`;
  const other = asked ?? thrown ?? sticker?.emoji ?? listed(message.checklist) ?? rich(message.rich_message);
  return { text: other ?? "", entities: [] };
}

/** The words as Markdown where their marks mean something: addresses, quotations, code. */
export function wordsOf(message: Content): string {
  const { text, entities } = typedWords(message);
  return markWords(text, entities);
}

function listed(checklist: Content["checklist"]): string | undefined {
  if (checklist === undefined) return undefined;
  const tasks = checklist.tasks.map(({ text, completion_date: done = 0 }) => `- [${done > 0 ? "x" : " "}] ${text}`);
  return [checklist.title, ...tasks].join("\n");
}

function rich(message: Content["rich_message"]): string | undefined {
  const words = message === undefined ? "" : richWords(message.blocks);
  return words === "" ? undefined : words;
}
