/** The Web API's methods that show and change messages. */
import { z } from "zod";
import { createBuckets } from "../../../core/testing/index.ts";
import { refusalOf } from "./check-blocks.ts";
import { type Answer, type Call, failed, type Method, method } from "./method.ts";
import { type MessageChange, type StoredMessage, BOT_ID, addMessage } from "./world.ts";

const MAX_TEXT = 40_000;
export const MAX_MARKDOWN = 12_000;

/** Tells everybody (and so the bot) what became of a message. */
export type Announce = (message: StoredMessage, change: MessageChange) => void;

export interface MessageRules {
  readonly streamLifetimeMs: number;
  /** Messages per channel at once; one more comes free each second. */
  readonly burst: number;
  readonly announce: Announce;
}

export const Where = { channel: z.string(), ts: z.string() };
export const Content = {
  text: z.string().default(""),
  markdown_text: z.string().default(""),
  blocks: z.array(z.unknown()).default([]),
  mrkdwn: z.boolean().default(true),
  metadata: z.object({ event_type: z.string().min(1), event_payload: z.record(z.string(), z.unknown()) }).optional(),
};
type Content = z.infer<z.ZodObject<typeof Content>>;
export const Post = { ...Content, channel: z.string(), thread_ts: z.string().optional() };
type Post = z.infer<z.ZodObject<typeof Post>>;

export function messageMethods({ announce, burst, ...stream }: MessageRules): Readonly<Record<string, Method>> {
  const takeFrom = createBuckets();
  const post = ({ channel, thread_ts: threadTs, ...content }: Post, call: Call, ephemeralFor?: string) => {
    const refused = channelRefusal(call, channel, threadTs) ?? contentRefusal(content);
    if (refused !== undefined) return refused;
    if (takeFrom(channel, { burst, perSecond: 1 }) > 0) return { ...failed("ratelimited"), retryAfter: 1 };
    call.world.statuses.delete(`${channel}:${threadTs ?? ""}`);
    const { text, markdown_text: markdown, blocks, mrkdwn, metadata } = content;
    const words = { text: text === "" ? markdown : text, mrkdwn, blocks, metadata };
    return addMessage(call.world, {
      channel,
      threadTs,
      ephemeralFor,
      user: call.team.botUser,
      botId: BOT_ID,
      ...words,
    });
  };
  return {
    "chat.postMessage": method(Post, (body, call) => {
      const message = post(body, call);
      if ("ok" in message) return message;
      announce(message, "posted");
      return shown(message);
    }),
    "chat.postEphemeral": method({ ...Post, user: z.string() }, ({ user, ...body }, call) => {
      if (call.world.channels.get(body.channel)?.members.has(user) !== true) return failed("user_not_in_channel");
      const message = post(body, call, user);
      return "ok" in message ? message : { ok: true, message_ts: message.ts };
    }),
    "chat.update": method({ ...Content, ...Where }, ({ channel, ts, ...content }, call) => {
      const message = ownMessage(call, channel, ts);
      if ("ok" in message) return message;
      if (isStreaming(message, stream)) return failed("streaming_state_conflict");
      const refused = contentRefusal(content);
      if (refused !== undefined) return refused;
      Object.assign(message, { text: content.text, blocks: content.blocks, streamed: "", edited: call.world.newTs() });
      call.world.changed();
      announce(message, "changed");
      return { ...shown(message), text: message.text };
    }),
    "chat.delete": method(Where, ({ channel, ts }, call) => {
      const message = ownMessage(call, channel, ts);
      if ("ok" in message) return message;
      call.world.messages.delete(`${channel}:${ts}`);
      call.world.changed();
      announce(message, "deleted");
      return shown(message);
    }),
  };
}

export const shown = ({ channel, ts }: StoredMessage): Answer => ({ ok: true, channel, ts });

export function isStreaming({ streamingSince }: StoredMessage, rules: Pick<MessageRules, "streamLifetimeMs">): boolean {
  return streamingSince !== undefined && Date.now() - streamingSince < rules.streamLifetimeMs;
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
  return text.length > MAX_TEXT || markdown.length > MAX_MARKDOWN ? failed("msg_too_long") : refusalOf(blocks);
}

/** A message of the bot that it may change. */
export function ownMessage({ world, team }: Call, channel: string, ts: string): StoredMessage | Answer {
  const message = world.messages.get(`${channel}:${ts}`);
  if (message === undefined || message.ephemeralFor !== undefined) return failed("message_not_found");
  return message.user === team.botUser ? message : failed("cant_update_message");
}
