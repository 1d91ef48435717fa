/** From payloads to messages: posting, editing, finding again. */
import { z } from "zod";
import type { AdapterContext, AdapterSession, Outgoing, ReplyTarget } from "../../adapter.ts";
import { AmbiguousSendError, PermanentSendError } from "../../adapter.ts";
import { toEmojiName } from "./emojis.ts";
import { type SlackPayload, blocksOf } from "./render.ts";
import { type SlackSettings, isLocal, placeOf } from "./settings.ts";
import { directChannel, placeError } from "./elsewhere.ts";
import { sendFile } from "./send-file.ts";
import { type StreamPlace, type Streams, createStreams, isUnable, platformError } from "./transport/index.ts";
import { SlackTokenError } from "./token-error.ts";
import type { Workspace, Workspaces } from "./workspaces.ts";

export type Sender = Required<
  Pick<AdapterSession<SlackPayload>, "send" | "edit" | "remove" | "react" | "typing" | "reconcile">
>;

type Context = Pick<AdapterContext<SlackSettings>, "settings" | "environment" | "log" | "openFile">;

/** Where a message goes. */
interface Place extends StreamPlace {
  readonly responseUrl?: string;
}

const Posted = z.object({ ts: z.string() });
const Reference = z.object({ responseUrl: z.string().min(1).optional() });
const History = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      metadata: z.object({ event_payload: z.object({ key: z.string().optional() }) }).optional(),
    }),
  ),
});

const NOT_A_MEMBER = new Set(["not_in_channel", "channel_not_found", "user_not_in_channel"]);
/** How far back a message in doubt is looked for. */
const RECONCILE_S = 3_600;

/** Sends and changes messages. Everything throws the errors of `send-errors.ts`. */
export function createSender(workspaces: Workspaces, context: Context): Sender {
  const { environment } = context;
  const streams = createStreams(environment.clock);
  const placeIn = async (target: ReplyTarget): Promise<Place> => await placeOfTarget(workspaces, target);
  return {
    send: async (outgoing) => {
      const { payload, live, part, target } = outgoing;
      const place = await placeIn(target);
      outgoing.signal.throwIfAborted();
      try {
        if (live === true && !payload.toRequesterOnly) {
          if (part > 0) await streams.completeEarlier(place, outgoing);
          const messageId = await streams.start(place, payload, outgoing);
          if (messageId !== undefined) return { messageId };
        }
        return { messageId: await post(place, outgoing, context) };
      } catch (thrown) {
        throw await placeError(thrown, { ...place, target, isPrivate: payload.toRequesterOnly });
      }
    },
    edit: async (outgoing, ts) => {
      const { payload } = outgoing;
      const place = await placeIn(outgoing.target);
      if (!isTs(ts) || payload.file !== undefined)
        throw new PermanentSendError("Slack", "this message cannot be edited");
      if (outgoing.live === true) {
        if (!(await streams.append(place, ts, payload))) await update(streams, place, { outgoing, ts });
        return;
      }
      if (payload.toRequesterOnly && !isDirect(place)) {
        throw new PermanentSendError("Slack", "what everybody has seen cannot be made one person's");
      }
      const blocks = blocksOf({ ...payload, markdown: "" }, blockIdOf(place));
      const below = { ...(blocks.length === 0 ? {} : { blocks }), metadata: metadataOf(outgoing.key) };
      if (!(await streams.complete(place, ts, { payload, below }))) await update(streams, place, { outgoing, ts });
    },
    remove: async (target, ts) => {
      const place = await placeIn(target);
      if (!isTs(ts)) throw new PermanentSendError("Slack", "this message cannot be removed");
      await place.workspace.call("chat.delete", { channel: place.channel, ts });
    },
    react: async (target, timestamp, emoji) => await react(await placeIn(target), timestamp, emoji),
    typing: createTyping(placeIn, context),
    reconcile: async (outgoing) => await find(await placeIn(outgoing.target), outgoing, environment.clock()),
  };
}

async function placeOfTarget(workspaces: Workspaces, target: ReplyTarget): Promise<Place> {
  const { team, id: channel } = placeOf(target.chat);
  const { responseUrl } = Reference.safeParse(target.reference).data ?? {};
  return {
    workspace: await openWorkspace(workspaces, team),
    channel,
    ...(target.thread === undefined ? {} : { thread: target.thread }),
    user: placeOf(target.userId).id,
    ...(responseUrl === undefined ? {} : { responseUrl }),
  };
}

async function openWorkspace(workspaces: Workspaces, team: string | undefined): Promise<Workspace> {
  try {
    return await workspaces.of(team);
  } catch (thrown) {
    // Nothing was sent, and nothing will be until somebody installs the app again.
    if (thrown instanceof SlackTokenError) throw new PermanentSendError("Slack", thrown.message, thrown);
    throw thrown;
  }
}

interface Change {
  readonly outgoing: Outgoing<SlackPayload>;
  readonly ts: string;
}

/** Replaces a message by the whole payload. */
async function update(streams: Streams, place: Place, { outgoing, ts }: Change): Promise<void> {
  const { workspace, channel } = place;
  const whole = { channel, ts, ...contentOf(outgoing.payload, place), metadata: metadataOf(outgoing.key) };
  try {
    await workspace.call("chat.update", whole);
  } catch (thrown) {
    // Begun by another process, or left in doubt: still being streamed as far as Slack knows.
    if (platformError(thrown) !== "streaming_state_conflict") throw thrown;
    await streams.end(place, ts);
    await workspace.call("chat.update", whole);
  }
}

async function react({ workspace, channel }: Place, timestamp: string, emoji: string): Promise<void> {
  const name = toEmojiName(emoji);
  if (name === undefined) throw new PermanentSendError("Slack", "there is no Slack name for this emoji");
  try {
    await workspace.call("reactions.add", { channel, timestamp, name });
  } catch (thrown) {
    if (platformError(thrown) !== "already_reacted") throw thrown;
  }
}

/** The status line of a thread. Where the app may not set it, it is not tried again. */
function createTyping(placeIn: (target: ReplyTarget) => Promise<Place>, { log }: Context): Sender["typing"] {
  /** Workspaces whose app may set no status, until the next start. */
  const unable = new Set<string>();
  return async (target, on) => {
    const place = await placeIn(target);
    const { workspace, channel } = place;
    // Slack shows a status in threads alone: outside of one, in that of the message which is answered. What was pressed may be
    // ephemeral, and has none then.
    const thread = place.thread ?? (place.responseUrl === undefined ? target.replyTo : undefined);
    if (thread === undefined || !isTs(thread) || unable.has(workspace.team)) return;
    const status = on ? "is typing…" : "";
    try {
      await workspace.call("assistant.threads.setStatus", { channel_id: channel, thread_ts: thread, status });
    } catch (thrown) {
      const error = platformError(thrown);
      if (error === undefined) throw thrown;
      if (isUnable(error)) unable.add(workspace.team);
      log.debug({ error }, "a status was not shown");
    }
  };
}

/** Each message carries its key; the history tells whether it is there. */
async function find(
  { workspace, channel, thread }: Place,
  { payload, key }: Outgoing<SlackPayload>,
  now: number,
): Promise<{ readonly sent: string } | "not-sent" | "unknown"> {
  // A file carries no key.
  if (payload.toRequesterOnly || payload.file !== undefined) return "unknown";
  const where = { channel, limit: 200, include_all_metadata: true, oldest: (now / 1_000 - RECONCILE_S).toFixed(6) };
  const answer =
    thread === undefined
      ? await workspace.call("conversations.history", where)
      : await workspace.call("conversations.replies", { ...where, ts: thread });
  const found = History.parse(answer).messages.find(({ metadata }) => metadata?.event_payload.key === key);
  return found === undefined ? "not-sent" : { sent: found.ts };
}

type Content = Readonly<Record<string, unknown>>;

function contentOf(payload: SlackPayload, place: Place): Content {
  return { text: payload.text, blocks: blocksOf(payload, blockIdOf(place)) };
}

/** A new message. Gives its ts, or an id that stands for a message nobody can change any more. */
async function post(place: Place, { payload, key }: Outgoing<SlackPayload>, context: Context): Promise<string> {
  if (payload.file === undefined) return await postWords(place, { payload, key }, context);
  const { workspace, user, thread } = place;
  // Slack shows a file to a whole channel: what is for one person goes to the person's own.
  const isApart = payload.toRequesterOnly && !isDirect(place);
  const shared = { workspace, channel: place.channel, ...(thread === undefined ? {} : { thread }) };
  const where = isApart ? { workspace, channel: await directChannel(workspace, user) } : shared;
  await sendFile(where, payload.file, context.openFile);
  return `file:${key}`;
}

async function postWords(
  place: Place,
  { payload, key }: Pick<Outgoing<SlackPayload>, "payload" | "key">,
  context: Context,
): Promise<string> {
  const { workspace, channel, thread, user, responseUrl } = place;
  const forOne = payload.toRequesterOnly && !isDirect(place);
  const content = contentOf(payload, place);
  const message = { channel, ...(thread === undefined ? {} : { thread_ts: thread }), ...content };
  try {
    if (forOne) {
      await workspace.call("chat.postEphemeral", { ...message, user });
      return `ephemeral:${key}`;
    }
    const open = { ...message, metadata: metadataOf(key), unfurl_links: false, unfurl_media: false };
    return Posted.parse(await workspace.call("chat.postMessage", open)).ts;
  } catch (thrown) {
    if (responseUrl === undefined || !NOT_A_MEMBER.has(platformError(thrown) ?? "")) throw thrown;
    // A command works in channels that the bot is no member of; its answer may come this way alone.
    const type = forOne ? "ephemeral" : "in_channel";
    await respond(responseUrl, { response_type: type, replace_original: false, ...content }, context);
    return `response:${key}`;
  }
}

/** Answers at a `response_url`. Throws `AmbiguousSendError` when Slack does not confirm. */
async function respond(url: string, body: Content, { settings }: Context): Promise<void> {
  const { origin } = new URL(url);
  if (origin !== "https://hooks.slack.com" && !(isLocal(settings) && origin === new URL(settings.apiUrl).origin)) {
    throw new PermanentSendError("Slack", "the response address is not Slack's");
  }
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    redirect: "error",
    signal: AbortSignal.timeout(10_000),
  }).catch((thrown: unknown) => {
    throw new AmbiguousSendError("Slack", thrown);
  });
  if (response.status >= 500) throw new AmbiguousSendError("Slack");
  if (!response.ok) throw new PermanentSendError("Slack", `the response address answered ${response.status}`);
}

/** Whose buttons these are, and in which thread: an ephemeral message tells neither when it is pressed. */
function blockIdOf({ user, thread = "" }: Place): string {
  return `choices:${user}:${thread}`;
}

function metadataOf(key: string): Content {
  return { event_type: "parley_reply", event_payload: { key } };
}

function isTs(id: string): boolean {
  return /^\d+\.\d+$/u.test(id);
}

function isDirect({ channel }: Place): boolean {
  return channel.startsWith("D");
}
