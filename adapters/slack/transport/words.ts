/** Words that do not stand in a message's `text`: blocks, cards of apps, and messages that were shared. Pure. */
import { z } from "zod";
import { optionalPart, readableItems } from "../../../adapter.ts";
import { encodeMrkdwn } from "../mrkdwn.ts";

const Words = optionalPart(z.string());

export const File = z.object({
  id: z.string(),
  name: optionalPart(z.string()),
  mimetype: optionalPart(z.string()),
  size: optionalPart(z.number().int().nonnegative()),
  url_private_download: optionalPart(z.string()),
  url_private: optionalPart(z.string()),
});

/** What Slack calls an attachment: a message that was shared, a card of an app, or the preview of a link. */
export const Card = z.object({
  is_share: optionalPart(z.boolean()),
  is_msg_unfurl: optionalPart(z.boolean()),
  is_app_unfurl: optionalPart(z.boolean()),
  from_url: Words,
  original_url: Words,
  author_id: Words,
  author_name: Words,
  pretext: Words,
  title: Words,
  text: Words,
  fallback: Words,
  fields: readableItems(z.object({ title: z.string().catch(""), value: z.string().catch("") })),
  blocks: readableItems(z.unknown()),
  message_blocks: readableItems(z.object({ message: z.object({ blocks: readableItems(z.unknown()) }) })),
  files: readableItems(File),
});
export type Card = z.infer<typeof Card>;

/** The shape of what holds words, beside `text`. */
export const wordParts = { blocks: readableItems(z.unknown()), attachments: readableItems(Card) };

interface Message {
  readonly text: string;
  readonly blocks: readonly unknown[];
  readonly attachments: readonly Card[];
}

/** What a person handed on: messages that were shared, with or without a comment. */
export function sharesIn({ attachments }: Pick<Message, "attachments">): readonly Card[] {
  return attachments.filter((card) => card.is_share === true);
}

/** All words of a message itself, as mrkdwn: its text (or its blocks where it has none) and its cards, without link previews. */
export function mrkdwnIn({ text, blocks, attachments }: Message): string {
  const cards = attachments.filter((card) => card.is_share !== true && !isPreview(card)).map(cardMrkdwn);
  return joined([text.trim() === "" ? blocksMrkdwn(blocks) : text, ...cards], "\n\n");
}

/** The words of a shared message, as mrkdwn. */
export function sharedMrkdwn(card: Card): string {
  const blocks = [...card.blocks, ...card.message_blocks.flatMap(({ message }) => message.blocks)];
  return (card.text ?? "").trim() === "" ? joined([blocksMrkdwn(blocks), card.fallback], "\n\n") : (card.text ?? "");
}

function isPreview({
  from_url: from,
  original_url: original,
  is_app_unfurl: byApp,
  is_msg_unfurl: ofMessage,
}: Card): boolean {
  return from !== undefined || original !== undefined || byApp === true || ofMessage === true;
}

function cardMrkdwn(card: Card): string {
  const { pretext, title, text, fields, blocks, fallback } = card;
  const lines = fields.map((field) => joined([field.title, field.value], ": "));
  const words = joined([pretext, title, text, ...lines, blocksMrkdwn(blocks)], "\n");
  return words === "" ? (fallback ?? "") : words;
}

function joined(parts: readonly (string | undefined)[], between: string): string {
  return parts.filter((part) => part !== undefined && part.trim() !== "").join(between);
}

const Block = z.looseObject({
  type: Words,
  /** An object of plain or marked text; in a Markdown block the words themselves. */
  text: z.unknown().optional(),
  /** Of a video. */
  title: z.unknown().optional(),
  fields: readableItems(z.unknown()),
  elements: readableItems(z.unknown()),
  /** Of a table: cells of plain or rich text. */
  rows: readableItems(readableItems(z.looseObject({ text: Words, elements: readableItems(z.unknown()) }))),
});
type Block = z.infer<typeof Block>;
const TextObject = z.object({ type: Words, text: z.string() });
const MAX_DEPTH = 8;

function blocksMrkdwn(blocks: readonly unknown[]): string {
  return joined(blocks.map(blockMrkdwn), "\n\n");
}

function blockMrkdwn(block: unknown): string {
  const read = Block.safeParse(block).data;
  if (read === undefined) return "";
  if (read.type === "rich_text") return richMrkdwn(read.elements, 0);
  if (read.type === "markdown") return typeof read.text === "string" ? read.text : "";
  // Buttons, menus and pictures have labels, which are no words of the message.
  if (read.type === "actions" || read.type === "image") return "";
  if (read.type === "table") return read.rows.map(rowMrkdwn).join("\n");
  return joined([read.title, read.text, ...read.fields, ...read.elements].map(textMrkdwn), "\n");
}

function rowMrkdwn(cells: Block["rows"][number]): string {
  return cells
    .map(({ text, elements }) => (text === undefined ? richMrkdwn(elements, 0) : encodeMrkdwn(text)))
    .join(" | ");
}

function textMrkdwn(text: unknown): string {
  const read = TextObject.safeParse(text).data;
  if (read === undefined) return "";
  return read.type === "plain_text" ? encodeMrkdwn(read.text) : read.text;
}

const Text = z.string().catch("");
const Rich = z.looseObject({
  type: Text,
  text: Text,
  url: Text,
  user_id: Text,
  channel_id: Text,
  usergroup_id: Text,
  range: Text,
  name: Text,
  /** A date as it reads without its format. */
  fallback: Text,
  style: z.unknown().optional(),
  elements: readableItems(z.unknown()),
});
type Rich = z.infer<typeof Rich>;

function richMrkdwn(elements: readonly unknown[], depth: number): string {
  if (depth > MAX_DEPTH) return "";
  return joined(
    elements.map((element) => {
      const { type = "", style, elements: inner = [] } = Rich.safeParse(element).data ?? {};
      if (type === "rich_text_list") {
        const mark = (index: number): string => (style === "ordered" ? `${index + 1}. ` : "• ");
        return inner.map((item, index) => `${mark(index)}${richMrkdwn([item], depth + 1)}`).join("\n");
      }
      const line = inner.map(inlineMrkdwn).join("");
      if (type === "rich_text_quote") return line.replaceAll(/^/gmu, "&gt; ");
      return type === "rich_text_preformatted" ? `\`\`\`\n${line}\n\`\`\`` : line;
    }),
    "\n",
  );
}

const INLINE: Readonly<Record<string, (element: Rich) => string>> = {
  link: ({ url, text }) => (text === "" ? `<${url}>` : `<${url}|${encodeMrkdwn(text)}>`),
  user: ({ user_id: id }) => `<@${id}>`,
  channel: ({ channel_id: id }) => `<#${id}>`,
  usergroup: ({ usergroup_id: id }) => `<!subteam^${id}>`,
  broadcast: ({ range }) => `<!${range}>`,
  date: ({ fallback }) => encodeMrkdwn(fallback),
  emoji: ({ name }) => `:${name}:`,
};

function inlineMrkdwn(element: unknown): string {
  const read = Rich.safeParse(element).data;
  if (read === undefined) return "";
  return INLINE[read.type]?.(read) ?? encodeMrkdwn(read.text);
}
