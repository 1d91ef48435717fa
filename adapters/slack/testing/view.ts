/** What one person sees of a stored message. */
import { sanitize } from "hast-util-sanitize";
import { toHtml } from "hast-util-to-html";
import { toHast } from "mdast-util-to-hast";
import { z } from "zod";
import { escapeHtml, parseMarkdown, toPlainText } from "../../../adapter.ts";
import type { SeenChoice, SeenMessage } from "../../../testing.ts";
import { Block } from "./check-blocks.ts";
import { htmlToPlain, mrkdwnToHtml } from "./mrkdwn-html.ts";
import type { StoredMessage, World } from "./world.ts";

type Actions = Extract<Block, { type: "actions" }>;
type Element = Actions["elements"][number];

/** One thing to press, with what Slack sends when it is pressed. */
export interface Pressable extends SeenChoice {
  readonly blockId: string;
  readonly action: Readonly<Record<string, unknown>>;
}

export function seenBy(world: World, message: StoredMessage): SeenMessage {
  const author = world.users.get(message.user);
  return {
    id: message.ts,
    chat: message.channel,
    ...(message.threadTs === undefined ? {} : { thread: message.threadTs, replyTo: message.threadTs }),
    author: { id: message.user, name: author?.name ?? message.user, isBot: message.botId !== undefined },
    text: message.streamed === "" ? message.text : message.streamed,
    plain: plainOf(world, message),
    html: htmlOf(world, message),
    choices: pressables(message).map(({ label, kind, style }) => ({
      label,
      kind,
      ...(style === undefined ? {} : { style }),
    })),
    files: message.files.map(({ name, bytes, mediaType }) => ({ name, bytes, mediaType, sizeBytes: bytes.byteLength })),
    edited: message.edited !== undefined,
    reactions: message.reactions.map(({ name }) => name),
    ephemeral: message.ephemeralFor !== undefined,
    at: new Date(Number(message.ts) * 1_000).toISOString(),
  };
}

/** Blocks of a message; those of an unknown kind are left out. */
export function blocksOf(blocks: unknown): readonly Block[] {
  const parsed = z.array(Block).safeParse(blocks);
  return parsed.success ? parsed.data : [];
}

export function pressables({ blocks }: Pick<StoredMessage, "blocks">): readonly Pressable[] {
  return blocksOf(blocks).flatMap((block) =>
    block.type === "actions" ? block.elements.flatMap((element) => ofElement(element, block.block_id ?? "")) : [],
  );
}

function ofElement(element: Element, blockId: string): readonly Pressable[] {
  if (element.type === "button") {
    const { action_id, value, style, url } = element;
    return [
      {
        label: labelOf(element.text),
        kind: url === undefined ? "button" : "link",
        style: style ?? "default",
        ...(url === undefined ? {} : { url }),
        blockId,
        action: { type: "button", action_id, block_id: blockId, ...(value === undefined ? {} : { value }) },
      },
    ];
  }
  return element.options.map((option) => ({
    label: labelOf(option.text),
    kind: "select",
    blockId,
    action: { type: "static_select", action_id: element.action_id, block_id: blockId, selected_option: option },
  }));
}

function labelOf(text: unknown): string {
  return z.object({ text: z.string() }).parse(text).text;
}

function plainOf(world: World, message: StoredMessage): string {
  const parts = message.streamed === "" ? [] : [markdownPlain(message.streamed)];
  const blocks = blocksOf(message.blocks);
  for (const block of blocks) {
    parts.push(block.type === "markdown" ? markdownPlain(block.text) : htmlToPlain(blockHtml(world, block)));
  }
  if (parts.length === 0) parts.push(textPlain(world, message));
  return parts.filter((part) => part !== "").join("\n");
}

function textPlain(world: World, { text, mrkdwn }: StoredMessage): string {
  return mrkdwn ? htmlToPlain(mrkdwnToHtml(text, nameIn(world))) : text.replaceAll("\u2060", "");
}

function markdownPlain(text: string): string {
  return toPlainText(parseMarkdown(text)).replaceAll("\u2060", "");
}

/** Words and cards; choices and files are shown by whoever draws the message. */
function htmlOf(world: World, message: StoredMessage): string {
  const { streamed, blocks, text, mrkdwn } = message;
  const words = streamed === "" ? [] : [markdownHtml(streamed)];
  const shown = [...words, ...blocksOf(blocks).map((block) => blockHtml(world, block))];
  if (shown.length > 0) return shown.join("\n");
  return `<p>${mrkdwn ? mrkdwnToHtml(text, nameIn(world)) : escapeHtml(text).replaceAll("\n", "<br>")}</p>`;
}

function markdownHtml(text: string): string {
  return `<div class="markdown">${toHtml(sanitize(toHast(parseMarkdown(text))))}</div>`;
}

function blockHtml(world: World, block: Block): string {
  switch (block.type) {
    case "markdown":
      return markdownHtml(block.text);
    case "section":
      return `<div class="section">${[block.text, ...(block.fields ?? [])].map((text) => textHtml(world, text)).join("<br>")}</div>`;
    case "context":
      return `<div class="context">${block.elements.map((text) => textHtml(world, text)).join(" ")}</div>`;
    case "header":
      return `<h3>${textHtml(world, block.text)}</h3>`;
    case "divider":
      return "<hr>";
    case "input":
      return `<div class="input">${textHtml(world, block.label)}</div>`;
    case "actions":
      // What can be pressed is among the message's choices.
      return "";
  }
}

function textHtml(world: World, text: unknown): string {
  if (text === undefined) return "";
  const { type, text: value } = z.object({ type: z.string(), text: z.string() }).parse(text);
  return type === "mrkdwn" ? mrkdwnToHtml(value, nameIn(world)) : escapeHtml(value).replaceAll("\n", "<br>");
}

function nameIn(world: World): (user: string) => string {
  return (user) => escapeHtml(world.users.get(user)?.name ?? user);
}

/** Everyone and everybody that this message would ring, read as eagerly as possible. */
export function pingsOf(message: StoredMessage): readonly string[] {
  const markdown = [
    message.streamed,
    ...blocksOf(message.blocks).flatMap((block) => (block.type === "markdown" ? [block.text] : [])),
  ];
  const words = markdown.map((text) => toPlainText(parseMarkdown(text)));
  const mrkdwn = [message.text, JSON.stringify(blocksOf(message.blocks).filter(({ type }) => type !== "markdown"))];
  return [...words, ...mrkdwn].flatMap((text) => text.match(/<(?:@[UW][A-Z0-9]+|![a-z]+|#C[A-Z0-9]+)[^>]*>/gu) ?? []);
}
