/** Where something happened, who did it, and when. */
import type { EventDraft } from "../../../adapter.ts";
import type { DiscordSettings } from "../settings.ts";
import type { About, Member, User } from "./payloads.ts";

const EPOCH_MS = 1_420_070_400_000;
/** Channel types of threads: of announcements, public, private. */
const THREADS: ReadonlySet<number> = new Set([10, 11, 12]);
/** The channel type in which a message may open a thread. */
const TEXT_CHANNEL = 0;

export type Where = Pick<DiscordSettings, "answerIn">;

/** The unit of conversation: a direct chat, a channel, or a thread of a channel. */
export function chatOf(
  place: { readonly channelId: string; readonly guildId: string | undefined; readonly messageId?: string },
  { channel }: Pick<About, "channel">,
  settings: Where,
): EventDraft["chat"] {
  const { channelId, guildId, messageId } = place;
  if (guildId === undefined) return { id: channelId, type: "direct" };
  const title = titleOf(channel);
  const parentId = isThread(channel) ? channel?.parentId : undefined;
  if (typeof parentId === "string") return { id: parentId, type: "group", thread: channelId, ...title };
  // The id of a thread is that of the message it starts from, so the conversation is known before its thread exists.
  const opens = messageId !== undefined && opensThreads(channel, settings);
  return { id: channelId, type: "group", ...(opens ? { thread: messageId } : {}), ...title };
}

function titleOf(channel: About["channel"]): { readonly title?: string } {
  const name = channel?.name ?? "";
  return name === "" ? {} : { title: name };
}

export function isThread(channel: About["channel"]): boolean {
  return channel !== undefined && THREADS.has(channel.type);
}

/** A thread that not all readers of its channel see. */
export function isPrivateThread(channel: About["channel"]): boolean {
  return channel?.type === 12;
}

/** Whether a question in this channel is answered in a thread of its own. */
export function opensThreads(channel: About["channel"], { answerIn }: Where): boolean {
  return answerIn === "thread" && channel?.type === TEXT_CHANNEL;
}

/** The name that others see. Data, never an identity. */
export function nameOf(user: User, member?: Member): { readonly name?: string } {
  const name = member?.nick ?? user.global_name ?? user.username;
  return name === "" ? {} : { name };
}

/** When an id was made, in ms since the Unix epoch. */
export function timeOf(snowflake: string): number {
  return Number(BigInt(snowflake) >> 22n) + EPOCH_MS;
}

/** The smallest id of a moment. */
export function snowflakeAt(ms: number): string {
  return String(BigInt(Math.max(0, Math.floor(ms) - EPOCH_MS)) << 22n);
}
