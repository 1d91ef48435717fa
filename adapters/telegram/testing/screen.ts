/** Messages as a person's Telegram client shows them. */
import type { SeenChoice, SeenMessage } from "../../../testing.ts";
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
    ...(thread === undefined ? {} : { thread: String(thread) }),
    author: { id: String(from.id), name: from.first_name, isBot: from.is_bot },
    ...wordsOf(message),
    choices: [...message.buttons.flat().map(toChoice), ...(poll?.options ?? []).map(toVote)],
    files:
      file === undefined
        ? []
        : [{ name: file.name, sizeBytes: file.bytes.byteLength, mediaType: file.mediaType, bytes: file.bytes }],
    ...(replyTo === undefined ? {} : { replyTo: String(replyTo) }),
    edited: editedAt !== undefined,
    reactions: [...reactions.values()].flat(),
    ephemeral: onlyFor !== undefined,
    at: new Date(at).toISOString(),
  };
}

function wordsOf({ text, entities, rich, poll }: StoredMessage): Pick<SeenMessage, "text" | "plain" | "html"> {
  if (poll !== undefined) return { text: poll.question, plain: poll.question, html: escapeHtml(poll.question) };
  if (rich !== undefined) return { text: richHtml(rich), plain: richPlain(rich), html: richHtml(rich) };
  return { text: toHtml(text, entities, false), plain: text, html: toHtml(text, entities, true) };
}

const STYLES = { primary: "primary", success: "primary", danger: "danger" } as const;

function toChoice({ text, url, style }: InlineButton): SeenChoice {
  return {
    label: text,
    kind: url === undefined ? "button" : "link",
    ...(style === undefined ? {} : { style: STYLES[style] }),
    ...(url === undefined ? {} : { url }),
  };
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

/** The text with its entities as tags: as Telegram's HTML, or (`page`) for a web page. */
function toHtml(text: string, entities: readonly LocalEntity[], page: boolean): string {
  const opens = new Map<number, string[]>();
  const closes = new Map<number, string[]>();
  const ordered = entities.toSorted((left, right) => left.offset - right.offset || right.length - left.length);
  for (const entity of ordered) {
    const tags = tagsOf(entity, page);
    if (tags === undefined) continue;
    const end = entity.offset + entity.length;
    opens.set(entity.offset, [...(opens.get(entity.offset) ?? []), tags.open]);
    closes.set(end, [tags.close, ...(closes.get(end) ?? [])]);
  }
  let html = "";
  for (let at = 0; at <= text.length; at += 1) {
    const character = text.charAt(at);
    const shown = page && character === "\n" ? "<br>" : escapeHtml(character);
    html += (closes.get(at) ?? []).join("") + (opens.get(at) ?? []).join("") + shown;
  }
  return html;
}

function tagsOf(
  { type, url }: LocalEntity,
  page: boolean,
): { readonly open: string; readonly close: string } | undefined {
  if (type === "text_link") {
    const rel = page ? ' target="_blank" rel="noopener noreferrer nofollow"' : "";
    return { open: `<a href="${escapeHtml(url ?? "")}"${rel}>`, close: "</a>" };
  }
  const tag = TAGS[type];
  if (tag !== undefined) return { open: `<${tag}>`, close: `</${tag}>` };
  return page && (type === "mention" || type === "bot_command")
    ? { open: '<span class="mention">', close: "</span>" }
    : undefined;
}
