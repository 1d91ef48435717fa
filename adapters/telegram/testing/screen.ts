/** Messages as a person's Telegram client shows them. */
import type { SeenChoice, SeenMessage, Shown } from "../../../core/testing/index.ts";
import { seenFile, shownText } from "../../../core/testing/index.ts";
import type { LocalEntity } from "./entities.ts";
import { escapeHtml } from "../../../adapter.ts";
import { richHtml, richPlain } from "./rich.ts";
import type { InlineButton, Room, StoredMessage, World } from "./world.ts";

/** What this person sees in a chat, oldest first. */
export function messagesFor(person: number, room: Room, world: World): readonly SeenMessage[] {
  return [...world.messages.values()]
    .filter((message) => message.room === room && !message.removed && message.service === undefined)
    .filter(({ onlyFor }) => onlyFor === undefined || onlyFor === person)
    .map(toSeen);
}

/** One message as a client shows it. */
function toSeen(message: StoredMessage): SeenMessage {
  const { id, room, thread, from, file, poll, replyTo, editedAt, reactions, onlyFor, at } = message;
  return {
    id: String(id),
    chat: String(room.id),
    thread: thread?.toString(),
    author: { id: String(from.id), name: from.first_name, isBot: from.is_bot },
    ...wordsOf(message),
    choices: [...message.buttons.flat().map(toChoice), ...(poll?.options ?? []).map(toVote)],
    files: file === undefined ? [] : [seenFile(file)],
    ...(replyTo === undefined ? {} : { replyTo: String(replyTo) }),
    edited: editedAt !== undefined,
    reactions: [...reactions.values()].flat(),
    ephemeral: onlyFor !== undefined,
    at: new Date(at).toISOString(),
  };
}

function wordsOf({ text, entities, rich, poll }: StoredMessage): Shown {
  if (poll !== undefined) return shownText(poll.question);
  if (rich !== undefined) return { plain: richPlain(rich), html: richHtml(rich) };
  return { plain: text, html: toHtml(text, entities) };
}

const STYLES = { primary: "primary", success: "primary", danger: "danger" } as const;

function toChoice({ text, url, style }: InlineButton): SeenChoice {
  return { label: text, kind: url === undefined ? "button" : "link", style: style && STYLES[style], url };
}

const toVote = (label: string): SeenChoice => ({ label, kind: "poll" });

const TAGS: Readonly<Partial<Record<LocalEntity["type"], string>>> = {
  bold: "b",
  italic: "i",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

/** The text with its entities as tags. */
function toHtml(text: string, entities: readonly LocalEntity[]): string {
  const opens = new Map<number, string[]>();
  const closes = new Map<number, string[]>();
  const ordered = entities.toSorted((left, right) => left.offset - right.offset || right.length - left.length);
  for (const entity of ordered) {
    const [open, close] = tagsOf(entity);
    const end = entity.offset + entity.length;
    opens.set(entity.offset, [...(opens.get(entity.offset) ?? []), open]);
    closes.set(end, [close, ...(closes.get(end) ?? [])]);
  }
  let html = "";
  for (let at = 0; at <= text.length; at += 1)
    html += [...(closes.get(at) ?? []), ...(opens.get(at) ?? []), shownText(text.charAt(at)).html].join("");
  return html;
}

function tagsOf({ type, url = "" }: LocalEntity): readonly [open: string, close: string] {
  if (type === "text_link")
    return [`<a href="${escapeHtml(url)}" target="_blank" rel="noopener noreferrer nofollow">`, "</a>"];
  if (type === "mention" || type === "bot_command") return ['<span class="mention">', "</span>"];
  const tag = TAGS[type];
  return tag === undefined ? ["", ""] : [`<${tag}>`, `</${tag}>`];
}
