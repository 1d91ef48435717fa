/** What a person sees of a message: words, safe HTML, buttons, files. */
import { z } from "zod";
import type { SeenChoice, SeenMessage } from "../../../core/testing/index.ts";
import { seenFile, type Shown, shownIn, shownText, shownTogether } from "../../../core/testing/index.ts";
import { type Names, showInline, showMarkdown } from "./markdown.ts";
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
  const words = [showMarkdown(message.content, names), ...embeds.map((embed) => showEmbed(embed, names))];
  const isThread = channel?.type === "thread";
  return {
    id: message.id,
    chat: (isThread ? channel.parentId : undefined) ?? message.channelId,
    thread: isThread ? channel.id : undefined,
    author: { id: message.author.id, name: message.author.displayName, isBot: message.author.bot },
    ...shownTogether(words, "\n"),
    choices: pressables(message).map(({ customId: _id, value: _value, ...choice }) => choice),
    files: message.files.map(seenFile),
    replyTo: message.replyTo,
    edited: message.editedAt !== undefined,
    reactions: message.reactions.map(({ emoji }) => emoji),
    ephemeral: message.visibleTo !== undefined,
    at: new Date(timeOf(message.id)).toISOString(),
  };
}

/** Words alone, of Discord Markdown. */
export function plainText(world: World, content: string): string {
  return showMarkdown(content, namesIn(world)).plain;
}

function namesIn(world: World): Names {
  return {
    user: (id) => world.users.get(id)?.displayName ?? "unknown-user",
    role: (id) => (id === world.botRoleId ? world.bot.displayName : "unknown-role"),
    channel: (id) => world.channels.get(id)?.name ?? "unknown",
  };
}

function showEmbed({ title, description, fields, footer, color = 0x4f545c }: ShownEmbed, names: Names): Shown {
  const rows = fields.map(({ name, value, inline }) => {
    const parts = [shownIn("b", showInline(name, names)), showMarkdown(value, names)];
    return shownIn("div", shownTogether(parts, "\n"), ` class="field${inline ? " inline" : ""}"`);
  });
  const parts = [
    title === "" ? undefined : shownIn("b", showInline(title, names), ' class="title"'),
    description === "" ? undefined : showMarkdown(description, names),
    ...rows,
    footer === undefined ? undefined : shownIn("small", shownText(footer.text)),
  ].filter((part) => part !== undefined);
  const border = `border-left:4px solid #${color.toString(16).padStart(6, "0")};padding-left:.6em`;
  return shownIn("div", shownTogether(parts, "\n"), ` class="embed" style="${border}"`);
}
