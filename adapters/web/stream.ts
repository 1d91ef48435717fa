/** The socket: frames in are said in the session, frames out are what happens in it. */
import { z } from "zod";
import type { Caller, Socket, SocketRoute } from "../../adapter.ts";
import { cutText, describeError, isTooDeep, ownedBy, ParleyError } from "../../adapter.ts";
import type { Api } from "./api.ts";
import { countMessage, ownerOfSession, sessionOf } from "./api.ts";
import type { Channel } from "./channel.ts";
import { sendTo } from "./channel.ts";
import { errorFacts, FrameError, TooManySocketsError } from "./errors.ts";
import { payloadOf } from "./history-watch.ts";
import { ClientFrame, SessionId, UserId } from "./protocol.ts";
import { createPace } from "./pace.ts";
import type { WebSession } from "./session-ids.ts";
import { openUploadId } from "./upload-ids.ts";

const StreamQuery = z.object({
  sessionId: SessionId.optional(),
  userId: UserId.optional(),
  lastEventId: z.string().max(64).optional(),
});
type StreamQuery = z.infer<typeof StreamQuery>;

/** A message of 100 000 characters fits, escaped as JSON. */
const FRAME_LIMIT = 1024 * 1024;
const REPLAYED_MESSAGES = 40;
/** Frames of one socket that wait for the one before. */
const MAX_QUEUED = 100;

export function streamRoute(api: Api): SocketRoute {
  return {
    path: `${api.base}/chat/stream`,
    summary: "The conversation as it happens; resumable with the last event id",
    query: StreamQuery,
    permission: "chat:use",
    owner: ownedBy("query", StreamQuery, async (named) => await ownerOfSession(api, named)),
    refused: (socket, thrown) => tell(socket, thrown),
    bot: api.context.bot.id,
    frameLimit: FRAME_LIMIT,
    open: (socket, { query, caller }) => openStream(api, socket, { query: StreamQuery.parse(query), caller }),
  };
}

/** How a socket was opened. */
interface Opening {
  readonly query: StreamQuery;
  readonly caller: Caller;
}

function openStream(api: Api, socket: Socket, opening: Opening): void {
  const pace = createPace(api.context.environment.clock);
  const state = { closed: false, queued: 0 };
  socket.onClose(() => {
    state.closed = true;
  });
  const attached = attach(api, socket, opening, state);
  const handle = async (before: Promise<unknown>, text: string): Promise<void> => {
    await before;
    const session = await attached;
    if (session !== undefined && !state.closed)
      await handleFrame(api, socket, { session, text, caller: opening.caller });
    state.queued -= 1;
  };
  let last: Promise<unknown> = attached;
  // One after the other, so that messages are accepted in the order they were sent.
  socket.onMessage((text) => {
    if (state.queued >= MAX_QUEUED || !pace.allows()) {
      tell(
        socket,
        new ParleyError("web/too-fast", "Too many frames at once; wait a moment and send it again.", {
          status: 429,
          retryable: true,
          retryAfterMs: 1_000,
        }),
        messageIdOf(text),
      );
      if (pace.isHopeless()) socket.close(1008, "Too many frames.");
      return;
    }
    state.queued += 1;
    last = handle(last, text);
  });
}

/** Joins the session's channel; undefined (and the socket closed, with the reason) when that cannot be. */
async function attach(
  api: Api,
  socket: Socket,
  { query, caller }: Opening,
  state: { readonly closed: boolean },
): Promise<WebSession | undefined> {
  const { settings } = api.context;
  try {
    if (!caller.mayNameUsers) socket.onClose(api.limits.socket(caller.address));
    if (api.channels.sockets() >= settings.maxSockets) throw new TooManySocketsError("here");
    const session = await sessionOf(api, query, caller);
    if (state.closed) return undefined;
    const channel = api.channels.open(session.chat);
    if (channel.sockets() >= settings.maxSocketsPerSession) throw new TooManySocketsError("in this session");
    await join(api, socket, { channel, session, lastEventId: query.lastEventId });
    return session;
  } catch (thrown) {
    tell(socket, thrown);
    const status = thrown instanceof ParleyError ? thrown.status : 500;
    socket.close(4_000 + status, thrown instanceof ParleyError ? thrown.code : "web/internal");
    if (!(thrown instanceof ParleyError)) api.context.log.error({ error: describeError(thrown) }, "a socket failed");
    return undefined;
  }
}

async function join(
  api: Api,
  socket: Socket,
  parts: { readonly channel: Channel; readonly session: WebSession; readonly lastEventId: string | undefined },
): Promise<void> {
  const { channel, session, lastEventId } = parts;
  const missed = lastEventId === undefined ? [] : channel.since(lastEventId);
  sendTo(socket, {
    type: "session",
    id: channel.lastId(),
    sessionId: session.id,
    userId: session.userId,
    resumed: lastEventId !== undefined && missed !== undefined,
  });
  for (const frame of missed ?? []) socket.send(frame);
  channel.add(socket);
  socket.onClose(() => channel.remove(socket));
  if (missed === undefined) await replay(api, socket, { channel, session });
}

/** What the buffer does not reach: the latest replies of the history. Clients know those they have by their ids. */
async function replay(
  { conversations }: Api,
  socket: Socket,
  { channel, session }: { readonly channel: Channel; readonly session: WebSession },
): Promise<void> {
  const id = channel.lastId();
  let eventId = "";
  for (const entry of await conversations.history(session, { limit: REPLAYED_MESSAGES })) {
    if (entry.role === "user") eventId = entry.id;
    const payload = entry.reply === undefined ? undefined : payloadOf(entry.reply);
    if (payload === undefined) continue;
    const frame = { id, type: "reply", eventId, index: 0, count: 1, at: entry.at, ...payload, replayed: true };
    socket.send(JSON.stringify(frame));
  }
}

async function handleFrame(
  api: Api,
  socket: Socket,
  { session, text, caller }: { readonly session: WebSession; readonly text: string; readonly caller: Caller },
): Promise<void> {
  try {
    const frame = readFrame(text);
    if (frame.type === "ping") {
      sendTo(socket, { type: "pong" });
      return;
    }
    countMessage(api, session, caller);
    api.received();
    const messageId = frame.messageId ?? api.context.environment.newId();
    if (frame.type === "action") {
      const { choiceId, value, code } = frame;
      await api.conversations.say(session, { type: "action", messageId, choiceId, value, code });
      return;
    }
    const attachments = frame.attachments.map(({ id }) => openUploadId(id, session, api.ids));
    const { metadata } = frame;
    await api.conversations.say(session, { type: "message", messageId, text: frame.text, attachments, metadata });
  } catch (thrown) {
    tell(socket, thrown, messageIdOf(text));
    if (!(thrown instanceof ParleyError)) api.context.log.error({ error: describeError(thrown) }, "a frame failed");
  }
}

function readFrame(text: string): ClientFrame {
  const parsed = ClientFrame.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    ({ path, message }) => `${path.length === 0 ? "it" : path.join(".")}: ${message}`,
  );
  throw new FrameError(cutText(faults.join("; "), 500));
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (isTooDeep(value)) throw new FrameError("its JSON is nested too deeply");
    return value;
  } catch (thrown) {
    if (thrown instanceof FrameError) throw thrown;
    throw new FrameError(`it is no JSON (${thrown instanceof Error ? cutText(thrown.message, 100) : "unreadable"})`);
  }
}

const Named = z.object({ messageId: z.string().max(64) });

/** So that the client knows which of its messages an error is about. */
function messageIdOf(text: string): string | undefined {
  try {
    const named = Named.safeParse(JSON.parse(text));
    return named.success ? named.data.messageId : undefined;
  } catch {
    return undefined;
  }
}

function tell(socket: Pick<Socket, "send">, thrown: unknown, messageId?: string): void {
  const about = messageId === undefined ? {} : { messageId };
  if (thrown instanceof ParleyError) {
    sendTo(socket, { type: "error", ...errorFacts(thrown), ...about });
    return;
  }
  sendTo(socket, { type: "error", code: "web/internal", detail: "Something failed here.", retryable: true, ...about });
}
