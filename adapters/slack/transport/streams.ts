/** Messages that Slack shows as being written: begun, appended to, ended in time. */
import { z } from "zod";
import type { Clock } from "../../../adapter.ts";
import { AmbiguousSendError } from "../../../adapter.ts";
import { type SlackPayload, settledPrefix } from "../render.ts";
import { isUnable, platformError } from "./send-errors.ts";
import type { Workspace } from "../workspaces.ts";

/** Where a stream is. */
export interface StreamPlace {
  readonly workspace: Workspace;
  readonly channel: string;
  readonly thread?: string;
  readonly user: string;
}

/**
 * The streams of one account. Slack only ever appends, so nothing is appended that later words may change; whatever a
 * stream cannot take (it is over, too long, or the text did change) is for the caller to edit into the same message.
 */
export interface Streams {
  /** Begins a message; undefined where the channel or the app has no streaming. */
  readonly start: (
    place: StreamPlace,
    payload: SlackPayload,
    turn: { readonly eventId: string; readonly part: number },
  ) => Promise<string | undefined>;
  /** False when the message must be edited instead. */
  readonly append: (place: StreamPlace, ts: string, payload: SlackPayload) => Promise<boolean>;
  /** Ends a message with all that is missing, and with what stands below it. False when it must be edited instead. */
  readonly complete: (
    place: StreamPlace,
    ts: string,
    last: { readonly payload: SlackPayload; readonly below: Readonly<Record<string, unknown>> },
  ) => Promise<boolean>;
  /** Ends a message as it is, whoever began it. */
  readonly end: (place: StreamPlace, ts: string) => Promise<void>;
  /** The text went on in a new message: those before it are complete. */
  readonly completeEarlier: (
    place: StreamPlace,
    turn: { readonly eventId: string; readonly part: number },
  ) => Promise<void>;
}

interface Stream {
  readonly eventId: string;
  readonly part: number;
  readonly startedAt: number;
  /** What was appended so far, and the whole text as it was last known. */
  sent: string;
  latest: string;
}

/** Slack ends a stream after about five minutes; it is ended before, and edited from then on. */
const STREAM_MS = 4 * 60_000;
const MAX_STREAMS = 500;
/** The stream takes no more. The message itself can still be edited. */
const OVER = new Set(
  "message_not_in_streaming_state msg_too_long invalid_blocks msg_blocks_too_long no_text message_not_found".split(" "),
);
const NOT_HERE = new Set(["channel_type_not_supported", "method_not_supported_for_channel_type"]);
/** Begins a message before there are words that stay: nobody sees it. */
const NOTHING_YET = "\u2060";
const Started = z.object({ ts: z.string() });

export function createStreams(clock: Clock): Streams {
  const streams = new Map<string, Stream>();
  const able = { streaming: true };
  return {
    start: async (place, payload, { eventId, part }) => {
      if (!able.streaming || place.thread === undefined) return undefined;
      const sent = settledPrefix(payload);
      try {
        const ts = await begin(place, sent === "" ? NOTHING_YET : sent);
        const [oldest = ""] = streams.keys();
        if (streams.size >= MAX_STREAMS) streams.delete(oldest);
        streams.set(ts, { eventId, part, startedAt: clock(), sent, latest: payload.markdown });
        return ts;
      } catch (thrown) {
        const error = platformError(thrown) ?? "";
        if (!NOT_HERE.has(error) && !isUnable(error)) throw thrown;
        able.streaming = !isUnable(error);
        return undefined;
      }
    },
    append: async (place, ts, payload) => await append({ streams, clock }, { place, ts, payload }),
    complete: async (place, ts, { payload, below }) => {
      const stream = streams.get(ts);
      if (stream === undefined) return false;
      const fits = !payload.plain && payload.markdown.startsWith(stream.sent);
      const text = fits ? payload.markdown.slice(stream.sent.length) : "";
      streams.delete(ts);
      return (await stop(place, ts, fits ? { ...missing(text), ...below } : {})) && fits;
    },
    end: async (place, ts) => {
      streams.delete(ts);
      await stop(place, ts, {});
    },
    completeEarlier: async (place, { eventId, part }) => {
      for (const [ts, stream] of streams) {
        if (stream.eventId !== eventId || stream.part >= part || !stream.latest.startsWith(stream.sent)) continue;
        streams.delete(ts);
        await stop(place, ts, missing(stream.latest.slice(stream.sent.length)));
      }
    },
  };
}

async function append(
  { streams, clock }: { readonly streams: Map<string, Stream>; readonly clock: Clock },
  { place, ts, payload }: { readonly place: StreamPlace; readonly ts: string; readonly payload: SlackPayload },
): Promise<boolean> {
  const stream = streams.get(ts);
  if (stream === undefined) return false;
  stream.latest = payload.markdown;
  const settled = settledPrefix(payload);
  const changed = !settled.startsWith(stream.sent) && !stream.sent.startsWith(settled);
  if (changed || clock() - stream.startedAt > STREAM_MS) {
    streams.delete(ts);
    await stop(place, ts, {});
    return false;
  }
  if (settled.length <= stream.sent.length) return true;
  const piece = { channel: place.channel, ts, ...missing(settled.slice(stream.sent.length)) };
  try {
    const appended = await unlessOver(async () => await place.workspace.call("chat.appendStream", piece));
    if (appended) stream.sent = settled;
    else streams.delete(ts);
    return appended;
  } catch (thrown) {
    // It may stand there already; appended again it would stand there twice.
    if (thrown instanceof AmbiguousSendError) streams.delete(ts);
    throw thrown;
  }
}

function missing(text: string): { readonly markdown_text?: string } {
  return text === "" ? {} : { markdown_text: text };
}

async function stop(
  { workspace, channel }: StreamPlace,
  ts: string,
  rest: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  return await unlessOver(async () => await workspace.call("chat.stopStream", { channel, ts, ...rest }));
}

async function begin({ workspace, channel, thread, user }: StreamPlace, text: string): Promise<string> {
  const recipient = channel.startsWith("D") ? {} : { recipient_team_id: workspace.team, recipient_user_id: user };
  const answer = await workspace.call("chat.startStream", {
    channel,
    thread_ts: thread,
    markdown_text: text,
    ...recipient,
  });
  return Started.parse(answer).ts;
}

async function unlessOver(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (thrown) {
    if (!OVER.has(platformError(thrown) ?? "")) throw thrown;
    return false;
  }
}
