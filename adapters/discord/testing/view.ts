/** What a person sees of a message: words, safe HTML, buttons, files. */
import { z } from "zod";
import { escapeHtml } from "../../../adapter.ts";
import type { SeenChoice, SeenMessage } from "../../../testing.ts";
import { type Block, type Inline, type Names, readInline, readMarkdown } from "./markdown.ts";
import { FLAGS } from "./posting.ts";
import { timeOf } from "./snowflakes.ts";
import type { StoredMessage, World } from "./world.ts";

const ShownEmbed = z.object({
  title: z.string().default(""),
  description: z.string().default(""),
  url: z.string().optional(),
  color: z.number().optional(),
  fields: z.array(z.object({ name: z.string(), value: z.string(), inline: z.boolean().default(false) })).default([]),
  footer: z.object({ text: z.string() }).optional(),
});
type ShownEmbed = z.output<typeof ShownEmbed>;

const ShownComponent = z.object({
  type: z.number(),
  custom_id: z.string().default(""),
  label: z.string().default(""),
  style: z.number().default(2),
  url: z.string().optional(),
  disabled: z.boolean().default(false),
  options: z.array(z.object({ label: z.string(), value: z.string() })).default([]),
});
const ShownRow = z.object({ components: z.array(ShownComponent) });

/** Something to press, with what the press sends. */
export interface Pressable extends SeenChoice {
  readonly customId: string;
  /** The chosen entry of a menu. */
  readonly value?: string;
}

const STYLES: Readonly<Record<number, SeenChoice["style"]>> = { 1: "primary", 3: "primary", 4: "danger" };

export function pressables(message: StoredMessage): readonly Pressable[] {
  const components = z
    .array(ShownRow)
    .parse(message.components)
    .flatMap((row) => row.components);
  return components.flatMap(({ type, custom_id: customId, label, style, url, disabled, options }): Pressable[] => {
    if (type === 3)
      return options.map((one) => ({ label: one.label, kind: "select", customId, disabled, value: one.value }));
    if (url !== undefined) return [{ label, kind: "link", customId, url, disabled }];
    return [{ label, kind: "button", customId, disabled, style: STYLES[style] ?? "default" }];
  });
}

/** The message as this person sees it; undefined where they do not. */
export function seenMessage(world: World, message: StoredMessage, personId: string): SeenMessage | undefined {
  if (message.loading || (message.visibleTo !== undefined && message.visibleTo !== personId)) return undefined;
  const channel = world.channels.get(message.channelId);
  const names = namesIn(world);
  const embeds = z.array(ShownEmbed).parse((message.flags & FLAGS.suppressEmbeds) === 0 ? message.embeds : []);
  const blocks = readMarkdown(message.content, names);
  const isThread = channel?.type === "thread";
  return {
    id: message.id,
    chat: (isThread ? channel.parentId : undefined) ?? message.channelId,
    ...(isThread ? { thread: channel.id } : {}),
    author: { id: message.author.id, name: message.author.displayName, isBot: message.author.bot },
    text: message.content,
    plain: [plainBlocks(blocks), ...embeds.map((embed) => plainEmbed(embed, names))]
      .filter((text) => text !== "")
      .join("\n"),
    html: [htmlBlocks(blocks), ...embeds.map((embed) => htmlEmbed(embed, names))].join(""),
    choices: pressables(message).map(({ customId: _id, value: _value, ...choice }) => choice),
    files: message.files.map(({ name, mediaType, bytes }) => ({ name, mediaType, bytes, sizeBytes: bytes.byteLength })),
    ...(message.replyTo === undefined ? {} : { replyTo: message.replyTo }),
    edited: message.editedAt !== undefined,
    reactions: message.reactions.map(({ emoji }) => emoji),
    ephemeral: message.visibleTo !== undefined,
    at: new Date(timeOf(message.id)).toISOString(),
  };
}

/** Words alone, of Discord Markdown. */
export function plainText(world: World, content: string): string {
  return plainBlocks(readMarkdown(content, namesIn(world)));
}

function namesIn(world: World): Names {
  return {
    user: (id) => world.users.get(id)?.displayName ?? "unknown-user",
    role: (id) => (id === world.botRoleId ? world.bot.displayName : "unknown-role"),
    channel: (id) => world.channels.get(id)?.name ?? "unknown",
  };
}

function plainBlocks(blocks: readonly Block[]): string {
  return blocks
    .map((block) => {
      if (block.kind === "quote") return plainBlocks(block.blocks);
      const words = plainInline(block.children);
      return block.kind === "item" ? `${"  ".repeat(block.depth)}${block.mark} ${words}` : words;
    })
    .join("\n");
}

function plainInline(nodes: readonly Inline[]): string {
  return nodes.map((node) => ("children" in node ? plainInline(node.children) : node.text)).join("");
}

function plainEmbed({ title, description, fields, footer }: ShownEmbed, names: Names): string {
  const inFields = fields.flatMap(({ name, value }) => [
    inlineText(name, names),
    plainBlocks(readMarkdown(value, names)),
  ]);
  const texts = [
    inlineText(title, names),
    plainBlocks(readMarkdown(description, names)),
    ...inFields,
    footer?.text ?? "",
  ];
  return texts.filter((text) => text !== "").join("\n");
}

function inlineText(text: string, names: Names): string {
  return plainInline(readInline(text, names));
}

const TAGS = { strong: "strong", emphasis: "em", underline: "u", strike: "s" } as const;

function htmlInline(nodes: readonly Inline[]): string {
  return nodes
    .map((node): string => {
      switch (node.kind) {
        case "text":
          return escapeHtml(node.text).replaceAll("\n", "<br>");
        case "code":
          return `<code>${escapeHtml(node.text)}</code>`;
        case "fence":
          return `<pre><code>${escapeHtml(node.text)}</code></pre>`;
        case "mention":
          return `<span class="mention">${escapeHtml(node.text)}</span>`;
        case "link":
          return `<a href="${escapeHtml(node.url)}" target="_blank" rel="noopener noreferrer">${htmlInline(node.children)}</a>`;
        case "spoiler":
          return `<span class="spoiler">${htmlInline(node.children)}</span>`;
        case "strong":
        case "emphasis":
        case "underline":
        case "strike":
          return `<${TAGS[node.kind]}>${htmlInline(node.children)}</${TAGS[node.kind]}>`;
      }
    })
    .join("");
}

function htmlBlocks(blocks: readonly Block[]): string {
  return blocks
    .map((block) => {
      switch (block.kind) {
        case "heading":
          return `<h${block.level + 2}>${htmlInline(block.children)}</h${block.level + 2}>`;
        case "item":
          return `<div class="item" style="margin-left:${block.depth + 1}em">${block.mark} ${htmlInline(block.children)}</div>`;
        case "small":
          return `<small>${htmlInline(block.children)}</small><br>`;
        case "quote":
          return `<blockquote>${htmlBlocks(block.blocks)}</blockquote>`;
        case "line":
          return `<div>${block.children.length === 0 ? "<br>" : htmlInline(block.children)}</div>`;
      }
    })
    .join("");
}

function htmlEmbed({ title, description, fields, footer, color = 0x4f545c }: ShownEmbed, names: Names): string {
  const shown = (text: string): string => htmlBlocks(readMarkdown(text, names));
  const rows = fields.map(
    ({ name, value, inline }) =>
      `<div class="field${inline ? " inline" : ""}"><b>${htmlInline(readInline(name, names))}</b>${shown(value)}</div>`,
  );
  const parts = [
    title === "" ? "" : `<b class="title">${htmlInline(readInline(title, names))}</b>`,
    description === "" ? "" : shown(description),
    ...rows,
    footer === undefined ? "" : `<small>${escapeHtml(footer.text)}</small>`,
  ];
  return `<div class="embed" style="border-left:4px solid #${color.toString(16).padStart(6, "0")};padding-left:.6em">${parts.join("")}</div>`;
}
