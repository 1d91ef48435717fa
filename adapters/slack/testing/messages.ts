/** The Web API's methods that show and change messages. */
import { z } from "zod";
import { refusalOf } from "./check-blocks.ts";
import { type Answer, type Call, failed, type Method } from "./method.ts";
import { type StoredMessage, BOT_ID, addMessage } from "./world.ts";

const MAX_TEXT = 40_000;
export const MAX_MARKDOWN = 12_000;

/** Tells everybody (and so the bot) what became of a message. */
export type Announce = (message: StoredMessage, change: "posted" | "changed" | "deleted") => void;

export interface MessageRules {
  readonly streamLifetimeMs: number;
  /** Messages per channel at once; one more comes free each second. */
  readonly burst: number;
  readonly announce: Announce;
}

const Where = z.object({ channel: z.string(), ts: z.string() });
const Content = z.object({
  text: z.string().default(""),
  markdown_text: z.string().default(""),
  blocks: z.array(z.unknown()).default([]),
  mrkdwn: z.boolean().default(true),
  metadata: z.object({ event_type: z.string().min(1), event_payload: z.record(z.string(), z.unknown()) }).optional(),
});
type Content = z.infer<typeof Content>;
const Post = Content.extend({ channel: z.string(), thread_ts: z.string().optional() });

export function messageMethods({ announce, streamLifetimeMs, burst }: MessageRules): Readonly<Record<string, Method>> {
  const buckets = new Map<string, { tokens: number; at: number }>();
  const post = (call: Call, ephemeralFor?: string): StoredMessage | Answer => {
    const { channel, thread_ts: threadTs, ...content } = Post.parse(call.body);
    const refused = channelRefusal(call, channel, threadTs) ?? contentRefusal(content);
    if (refused !== undefined) return refused;
    if (!hasRoom(buckets, channel, burst)) return { ...failed("ratelimited"), retryAfter: 1 };
    call.world.statuses.delete(`${channel}:${threadTs ?? ""}`);
    const { text, markdown_text: markdown, blocks, mrkdwn, metadata } = content;
    return addMessage(call.world, {
      channel,
      user: call.team.botUser,
      botId: BOT_ID,
      text: text === "" ? markdown : text,
      mrkdwn,
      blocks,
      ...(threadTs === undefined ? {} : { threadTs }),
      ...(metadata === undefined ? {} : { metadata }),
      ...(ephemeralFor === undefined ? {} : { ephemeralFor }),
    });
  };
  return {
    "chat.postMessage": (call) => {
      const message = post(call);
      if ("ok" in message) return message;
      announce(message, "posted");
      return { ok: true, channel: message.channel, ts: message.ts };
    },
    "chat.postEphemeral": (call) => {
      const { user, channel } = z.object({ user: z.string(), channel: z.string() }).parse(call.body);
      if (call.world.channels.get(channel)?.members.has(user) !== true) return failed("user_not_in_channel");
      const message = post(call, user);
      return "ok" in message ? message : { ok: true, message_ts: message.ts };
    },
    "chat.update": (call) => {
      const message = ownMessage(call, Where.parse(call.body));
      if ("ok" in message) return message;
      const content = Content.parse(call.body);
      if (isStreaming(message, streamLifetimeMs)) return failed("streaming_state_conflict");
      const refused = contentRefusal(content);
      if (refused !== undefined) return refused;
      Object.assign(message, { text: content.text, blocks: content.blocks, streamed: "", edited: call.world.newTs() });
      call.world.changed();
      announce(message, "changed");
      return { ok: true, channel: message.channel, ts: message.ts, text: message.text };
    },
    "chat.delete": (call) => {
      const message = ownMessage(call, Where.parse(call.body));
      if ("ok" in message) return message;
      call.world.messages.delete(`${message.channel}:${message.ts}`);
      call.world.changed();
      announce(message, "deleted");
      return { ok: true, channel: message.channel, ts: message.ts };
    },
  };
}

export function isStreaming({ streamingSince }: StoredMessage, lifetimeMs: number): boolean {
  return streamingSince !== undefined && Date.now() - streamingSince < lifetimeMs;
}

export function channelRefusal({ world, team }: Call, id: string, threadTs: string | undefined): Answer | undefined {
  const channel = world.channels.get(id);
  if (channel === undefined || world.teams.get(channel.team)?.token !== team.token) return failed("channel_not_found");
  if (channel.isArchived === true) return failed("is_archived");
  if (!channel.members.has(team.botUser)) return failed("not_in_channel");
  if (threadTs !== undefined && !world.messages.has(`${id}:${threadTs}`)) return failed("thread_not_found");
  return undefined;
}

function contentRefusal({ text, markdown_text: markdown, blocks }: Content): Answer | undefined {
  if (markdown !== "" && (text !== "" || blocks.length > 0)) return failed("markdown_text_conflict");
  if (text === "" && markdown === "" && blocks.length === 0) return failed("no_text");
  if (text.length > MAX_TEXT || markdown.length > MAX_MARKDOWN) return failed("msg_too_long");
  const refused = refusalOf(blocks);
  return refused === undefined ? undefined : failed(refused.error, refused.detail);
}

/** A message of the bot that it may change. */
export function ownMessage({ world, team }: Call, { channel, ts }: z.infer<typeof Where>): StoredMessage | Answer {
  const message = world.messages.get(`${channel}:${ts}`);
  if (message === undefined || message.ephemeralFor !== undefined) return failed("message_not_found");
  return message.user === team.botUser ? message : failed("cant_update_message");
}

function hasRoom(buckets: Map<string, { tokens: number; at: number }>, channel: string, burst: number): boolean {
  const now = Date.now();
  const bucket = buckets.get(channel) ?? { tokens: burst, at: now };
  const tokens = Math.min(burst, bucket.tokens + (now - bucket.at) / 1_000);
  buckets.set(channel, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
  return tokens >= 1;
}
