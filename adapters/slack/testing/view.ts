/** What one person sees of a stored message. */
import { sanitize } from "hast-util-sanitize";
import { toHtml } from "hast-util-to-html";
import { toHast } from "mdast-util-to-hast";
import { z } from "zod";
import { escapeHtml, parseMarkdown, toPlainText } from "../../../adapter.ts";
import type { SeenChoice, SeenMessage } from "../../../core/testing/index.ts";
import { seenFile, type Shown, shownIn, shownText, shownTogether } from "../../../core/testing/index.ts";
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
    thread: message.threadTs,
    replyTo: message.threadTs,
    author: { id: message.user, name: author?.name ?? message.user, isBot: message.botId !== undefined },
    ...shownOf(world, message),
    choices: pressables(message).map(({ label, kind, style }) => ({ label, kind, style })),
    files: message.files.map(seenFile),
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
        url,
        blockId,
        action: { type: "button", action_id, block_id: blockId, value },
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

/** Words and cards; choices and files are shown by whoever draws the message. */
function shownOf(world: World, { streamed, blocks, text, mrkdwn }: StoredMessage): Shown {
  const words = streamed === "" ? [] : [showMarkdown(streamed)];
  const shown = [...words, ...blocksOf(blocks).map((block) => showBlock(world, block))];
  if (shown.length > 0) return shownTogether(shown, "\n");
  const { plain, html } = mrkdwn ? showMrkdwn(world, text) : shownText(text);
  return { plain: plain.replaceAll("\u2060", ""), html: `<p>${html}</p>` };
}

function showMarkdown(text: string): Shown {
  const tree = parseMarkdown(text);
  const plain = toPlainText(tree).replaceAll("\u2060", "");
  return { plain, html: `<div class="markdown">${toHtml(sanitize(toHast(tree)))}</div>` };
}

function showMrkdwn(world: World, text: string): Shown {
  const html = mrkdwnToHtml(text, nameIn(world));
  return { plain: htmlToPlain(html), html };
}

function showBlock(world: World, block: Block): Shown {
  switch (block.type) {
    case "markdown":
      return showMarkdown(block.text);
    case "section":
      return showTexts(world, "section", [block.text, ...(block.fields ?? [])]);
    case "context":
      return showTexts(world, "context", block.elements);
    case "header":
      return shownIn("h3", showText(world, block.text));
    case "input":
      return showTexts(world, "input", [block.label]);
    case "divider":
      return { plain: "", html: "<hr>" };
    case "actions":
      // What can be pressed is among the message's choices.
      return { plain: "", html: "" };
  }
}

function showTexts(world: World, kind: string, texts: readonly unknown[]): Shown {
  const shown = texts.filter((text) => text !== undefined).map((text) => showText(world, text));
  const html = shown.map((one) => one.html).join("<br>");
  return { plain: shown.map((one) => one.plain).join("\n"), html: `<div class="${kind}">${html}</div>` };
}

function showText(world: World, text: unknown): Shown {
  const { type, text: value } = z.object({ type: z.string(), text: z.string() }).parse(text);
  return type === "mrkdwn" ? showMrkdwn(world, value) : shownText(value);
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
