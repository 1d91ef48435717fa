/** The Web API's streaming calls: a message that is only ever appended to, for a time, up to a length. */
import { z } from "zod";
import { refusalOf } from "./check-blocks.ts";
import {
  type Announce,
  channelRefusal,
  Content,
  isStreaming,
  MAX_MARKDOWN,
  type MessageRules,
  ownMessage,
  Post,
  shown,
  Where,
} from "./messages.ts";
import { type Answer, type Call, failed, type Method, method } from "./method.ts";
import { type StoredMessage, BOT_ID, addMessage } from "./world.ts";

export function streamingMethods({ announce, ...stream }: MessageRules): Readonly<Record<string, Method>> {
  return {
    "chat.startStream": method(
      { ...Post, recipient_team_id: z.string().optional(), recipient_user_id: z.string().optional() },
      ({ channel, thread_ts: threadTs, markdown_text: streamed, ...to }, call) => {
        const refused = channelRefusal(call, channel, threadTs);
        if (refused !== undefined) return refused;
        // In a channel Slack must know for whom it streams.
        const isDirect = channel.startsWith("D");
        if (!isDirect && to.recipient_team_id === undefined) return failed("missing_recipient_team_id");
        if (!isDirect && to.recipient_user_id === undefined) return failed("missing_recipient_user_id");
        if (threadTs === undefined) return failed("missing_thread_ts");
        if (streamed.length > MAX_MARKDOWN) return failed("msg_too_long");
        const who = { channel, threadTs, user: call.team.botUser, botId: BOT_ID };
        const message = addMessage(call.world, { ...who, streamed, streamingSince: Date.now() });
        call.world.statuses.delete(`${channel}:${threadTs}`);
        announce(message, "posted");
        return shown(message);
      },
    ),
    "chat.appendStream": method({ ...Content, ...Where }, ({ channel, ts, markdown_text: text }, call) => {
      const message = streamedMessage(call, { channel, ts, text }, stream);
      if ("ok" in message) return message;
      if (text === "") return failed("no_text");
      message.streamed += text;
      return changed(message, call, announce);
    }),
    "chat.stopStream": method({ ...Content, ...Where }, ({ channel, ts, ...body }, call) => {
      const { markdown_text: text, blocks, metadata } = body;
      const message = streamedMessage(call, { channel, ts, text }, stream);
      if ("ok" in message) return message;
      const refused = refusalOf(blocks);
      if (refused !== undefined) return refused;
      message.streamed += text;
      message.blocks = blocks;
      if (metadata !== undefined) message.metadata = metadata;
      delete message.streamingSince;
      return changed(message, call, announce);
    }),
  };
}

function changed(message: StoredMessage, call: Call, announce: Announce): Answer {
  call.world.changed();
  announce(message, "changed");
  return shown(message);
}

/** A message of the bot that streams still, and takes this text. */
function streamedMessage(
  call: Call,
  { channel, ts, text }: { readonly channel: string; readonly ts: string; readonly text: string },
  rules: Pick<MessageRules, "streamLifetimeMs">,
): StoredMessage | Answer {
  const message = ownMessage(call, channel, ts);
  if ("ok" in message) return message;
  if (!isStreaming(message, rules)) return failed("message_not_in_streaming_state");
  return message.streamed.length + text.length > MAX_MARKDOWN ? failed("msg_too_long") : message;
}
