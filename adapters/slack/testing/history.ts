/** The Web API's reading calls, and messages as Slack writes them. */
import { z } from "zod";
import { channelRefusal } from "./messages.ts";
import type { Answer, Call, Method } from "./method.ts";
import type { MessageChange, StoredFile, StoredMessage } from "./world.ts";

const Query = z.object({
  channel: z.string(),
  ts: z.string().optional(),
  oldest: z.string().optional(),
  limit: z.coerce.number().int().max(999).default(100),
  cursor: z.string().default("0"),
});

export const historyMethods: Readonly<Record<string, Method>> = {
  "conversations.history": (call) => {
    const query = Query.parse(call.body);
    const topLevel = visible(call, query).filter(({ ts, threadTs }) => threadTs === undefined || threadTs === ts);
    return channelRefusal(call, query.channel, undefined) ?? page(call, topLevel.toReversed(), query);
  },
  "conversations.replies": (call) => {
    const query = Query.parse(call.body);
    const inThread = visible(call, query).filter(({ ts, threadTs }) => ts === query.ts || threadTs === query.ts);
    return channelRefusal(call, query.channel, query.ts) ?? page(call, inThread, query);
  },
};

function visible({ world }: Call, { channel, oldest = "" }: z.infer<typeof Query>): readonly StoredMessage[] {
  return [...world.messages.values()].filter(
    (message) => message.channel === channel && message.ephemeralFor === undefined && message.ts > oldest,
  );
}

function page(call: Call, messages: readonly StoredMessage[], { cursor, limit }: z.infer<typeof Query>): Answer {
  const end = Number(cursor) + limit;
  const next = end < messages.length ? String(end) : "";
  return {
    ok: true,
    messages: messages.slice(Number(cursor), end).map((message) => entry(call, message)),
    has_more: next !== "",
    response_metadata: { next_cursor: next },
  };
}

function entry({ world, url }: Call, message: StoredMessage): Record<string, unknown> {
  const replies = [...world.messages.values()].filter(
    ({ channel, threadTs, ts }) => channel === message.channel && threadTs === message.ts && ts !== message.ts,
  );
  const thread = { thread_ts: message.ts, reply_count: replies.length, latest_reply: replies.at(-1)?.ts };
  return { ...rawMessage(message, url), ...(replies.length === 0 ? {} : thread) };
}

/** A message as events and history write it. */
export function rawMessage(message: StoredMessage, url: string): Record<string, unknown> {
  const { ts, user, botId, text, threadTs, files, edited, metadata, blocks, streamed } = message;
  const shown = streamed === "" ? blocks : [{ type: "markdown", text: streamed }, ...blocks];
  return {
    type: "message",
    ...(files.length > 0 && botId === undefined ? { subtype: "file_share" } : {}),
    user,
    ts,
    text: text === "" ? streamed : text,
    ...(botId === undefined ? {} : { bot_id: botId, blocks: shown }),
    thread_ts: threadTs,
    edited: edited === undefined ? undefined : { user, ts: edited },
    metadata,
    files: files.length === 0 ? undefined : files.map((file) => rawFile(file, url)),
  };
}

/** The event of a message that was posted or changed; `before`: as it was. */
export function messageEvent(
  { world, url }: Pick<Call, "world" | "url">,
  message: StoredMessage,
  change: MessageChange,
  before = rawMessage(message, url),
): Record<string, unknown> {
  const { channel, ts } = message;
  const isDirect = world.channels.get(channel)?.type === "direct";
  const place = { type: "message", channel, channel_type: isDirect ? "im" : "channel" };
  if (change === "posted") return { ...before, ...place, event_ts: ts };
  const now = change === "changed" ? (message.edited ?? world.newTs()) : world.newTs();
  const changed = {
    ...place,
    subtype: `message_${change}`,
    hidden: true,
    ts: now,
    event_ts: now,
    previous_message: before,
  };
  return change === "deleted" ? { ...changed, deleted_ts: ts } : { ...changed, message: rawMessage(message, url) };
}

function rawFile({ id, name, mediaType, bytes, owner }: StoredFile, url: string): Record<string, unknown> {
  const address = `${url}/files-pri/${id}/${encodeURIComponent(name)}`;
  return {
    id,
    name,
    title: name,
    mimetype: mediaType,
    size: bytes.byteLength,
    user: owner,
    mode: "hosted",
    url_private: address,
    url_private_download: address,
  };
}
