/** The Web API's streaming calls: a message that is only ever appended to, for a time, up to a length. */
import { z } from "zod";
import { refusalOf } from "./check-blocks.ts";
import { MAX_MARKDOWN, type MessageRules, channelRefusal, isStreaming, ownMessage } from "./messages.ts";
import { type Answer, type Call, failed, type Method } from "./method.ts";
import { BOT_ID, addMessage } from "./world.ts";

const Start = z.object({
  channel: z.string(),
  thread_ts: z.string().optional(),
  markdown_text: z.string().default(""),
  recipient_team_id: z.string().optional(),
  recipient_user_id: z.string().optional(),
});
const Piece = z.object({
  channel: z.string(),
  ts: z.string(),
  markdown_text: z.string().default(""),
  blocks: z.array(z.unknown()).default([]),
  metadata: z.unknown().optional(),
});

export function streamingMethods(rules: MessageRules): Readonly<Record<string, Method>> {
  return {
    "chat.startStream": (call) => start(call, rules),
    "chat.appendStream": (call) => append(call, rules),
    "chat.stopStream": (call) => stop(call, rules),
  };
}

function start(call: Call, { announce }: MessageRules): Answer {
  const body = Start.parse(call.body);
  const { channel, thread_ts: threadTs, markdown_text: streamed } = body;
  const refused = channelRefusal(call, channel, threadTs) ?? recipientRefusal(body);
  if (refused !== undefined) return refused;
  if (threadTs === undefined) return failed("missing_thread_ts");
  if (streamed.length > MAX_MARKDOWN) return failed("msg_too_long");
  const who = { channel, user: call.team.botUser, botId: BOT_ID };
  const message = addMessage(call.world, { ...who, threadTs, streamed, streamingSince: Date.now() });
  call.world.statuses.delete(`${channel}:${threadTs}`);
  announce(message, "posted");
  return { ok: true, channel, ts: message.ts };
}

/** In a channel Slack must know for whom it streams. */
function recipientRefusal(body: z.infer<typeof Start>): Answer | undefined {
  if (body.channel.startsWith("D")) return undefined;
  if (body.recipient_team_id === undefined) return failed("missing_recipient_team_id");
  return body.recipient_user_id === undefined ? failed("missing_recipient_user_id") : undefined;
}

function append(call: Call, { announce, streamLifetimeMs }: MessageRules): Answer {
  const { markdown_text: text, ...where } = Piece.parse(call.body);
  const message = ownMessage(call, where);
  if ("ok" in message) return message;
  if (!isStreaming(message, streamLifetimeMs)) return failed("message_not_in_streaming_state");
  if (text === "") return failed("no_text");
  if (message.streamed.length + text.length > MAX_MARKDOWN) return failed("msg_too_long");
  message.streamed += text;
  call.world.changed();
  announce(message, "changed");
  return { ok: true, channel: where.channel, ts: message.ts };
}

function stop(call: Call, { announce, streamLifetimeMs }: MessageRules): Answer {
  const { markdown_text: text, blocks, metadata, ...where } = Piece.parse(call.body);
  const message = ownMessage(call, where);
  if ("ok" in message) return message;
  if (!isStreaming(message, streamLifetimeMs)) return failed("message_not_in_streaming_state");
  if (message.streamed.length + text.length > MAX_MARKDOWN) return failed("msg_too_long");
  const refused = refusalOf(blocks);
  if (refused !== undefined) return failed(refused.error, refused.detail);
  message.streamed += text;
  message.blocks = blocks;
  if (metadata !== undefined) message.metadata = metadata;
  delete message.streamingSince;
  call.world.changed();
  announce(message, "changed");
  return { ok: true, channel: where.channel, ts: message.ts };
}
