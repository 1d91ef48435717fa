/** The REST API, version 10: each route as Discord has it, with its error bodies. */
import type { ApiAnswer as Answer, ApiCall as Call } from "../../../core/testing/index.ts";
import type { Dispatches } from "./dispatches.ts";
import type { Interactions, Outcome } from "./interactions.ts";
import { channelPayload, linkSignature, messagePayload, type PayloadContext, userPayload } from "./payloads.ts";
import { change, post } from "./posting.ts";
import { CommandsBody, refuse, StartThread, validate } from "./validate.ts";
import {
  addChannel,
  directChannel,
  removeMessage,
  setReaction,
  type StoredChannel,
  type StoredMessage,
  type World,
} from "./world.ts";

export interface ApiContext extends PayloadContext {
  readonly dispatches: Dispatches;
  readonly interactions: Interactions;
  readonly gatewayUrl: () => string;
  readonly allowsContent: () => boolean;
}

/** How long "is typing…" is shown. */
const TYPING_MS = 10_000;

/** Throws what Discord refuses. */
type Handler = (context: ApiContext, call: Call, ids: readonly string[]) => Answer;

const ok = (body: unknown, status = 200): Answer => ({ status, body });
const done: Answer = { status: 204 };

function channelAt({ world }: ApiContext, [id = ""]: readonly string[]): StoredChannel {
  return world.channels.get(id) ?? refuse(404, 10003, "Unknown Channel");
}

/** A handler for calls on a channel that exists, and that is open. */
const inChannel =
  (work: (context: ApiContext, call: Call, channel: StoredChannel) => Answer): Handler =>
  (context, call, ids) => {
    const channel = channelAt(context, ids);
    if (channel.closed === undefined) return work(context, call, channel);
    const { status, code, message } = channel.closed;
    return refuse(status, code, message);
  };

interface Found {
  readonly message: StoredMessage;
  readonly channel: StoredChannel;
  readonly rest: string;
}

/** A handler for calls on a message that exists. */
const onMessage =
  (work: (context: ApiContext, call: Call, found: Found) => Answer): Handler =>
  (context, call, ids) => {
    const channel = channelAt(context, ids);
    const [, messageId, rest = ""] = ids;
    const message = channel.messages.find(({ id, visibleTo }) => id === messageId && visibleTo === undefined);
    return work(context, call, { message: message ?? refuse(404, 10008, "Unknown Message"), channel, rest });
  };

const createMessage = inChannel((context, call, channel) => {
  if (channel.type === "forum") refuse(400, 50008, "Cannot send messages in a non-text channel");
  const { message, isNew } = post(context.world, channel, call);
  if (isNew) context.dispatches.messageCreated(message);
  return ok({ ...messagePayload(context, message), nonce: message.nonce });
});

const listMessages = inChannel((context, { query }, channel) => {
  const limit = Math.min(100, Math.max(1, Number(query.get("limit") ?? 50)));
  const after = BigInt(query.get("after") ?? 0);
  const before = BigInt(query.get("before") ?? "9223372036854775807");
  const within = channel.messages.filter(
    ({ id, visibleTo }) => visibleTo === undefined && BigInt(id) > after && BigInt(id) < before,
  );
  const page = query.has("after") ? within.slice(0, limit) : within.slice(-limit);
  return ok(page.toReversed().map((message) => messagePayload(context, message)));
});

const editMessage = onMessage((context, call, { message }) => {
  if (message.author.id !== context.world.bot.id) refuse(403, 50005, "Cannot edit a message authored by another user");
  return told(context, { message: change(context.world, message, call) });
});

const deleteMessage = onMessage((context, _call, { message }) => removed(context, message));

function removed({ world, dispatches }: ApiContext, message: StoredMessage): Answer {
  removeMessage(world, message);
  if (!message.loading) dispatches.messageDeleted(message);
  return done;
}

const startThread = onMessage((context, call, { message, channel }) => {
  const { world, dispatches } = context;
  const { name } = validate(StartThread, call.body);
  const { id } = message;
  if (world.channels.has(id)) refuse(400, 160004, "A thread has already been created for this message");
  const { guildId, members, id: parentId } = channel;
  const thread = addChannel(world, { type: "thread", name, parentId, members, id, guildId });
  dispatches.threadCreated(thread);
  world.changed();
  return ok(channelPayload(world, thread), 201);
});

const reaction = (added: boolean): Handler =>
  onMessage(({ world, dispatches }, _call, { message, rest: emoji }) => {
    const by = { emoji, userId: world.bot.id };
    setReaction(message, by, added);
    dispatches.reactionChanged(message, by, added);
    world.changed();
    return done;
  });

const putCommands: Handler = ({ world }, call) => {
  const commands = validate(CommandsBody, call.body);
  world.commands = commands.map((body) => ({ id: world.newId(), name: body.name, type: body.type, body }));
  world.changed();
  return commandsOf(world);
};

function commandsOf({ commands, applicationId }: World): Answer {
  const always = { application_id: applicationId, default_member_permissions: null, nsfw: false };
  return ok(commands.map(({ id, body }) => ({ ...body, ...always, id, version: id })));
}

const openDirect: Handler = ({ world, dispatches }, { body }) => {
  const id = typeof body === "object" && body !== null && "recipient_id" in body ? String(body.recipient_id) : "";
  if (!world.users.has(id)) refuse(404, 10013, "Unknown User");
  const { channel, isNew } = directChannel(world, id);
  if (isNew) dispatches.channelCreated(channel);
  return ok(channelPayload(world, channel));
};

/** Answers with the message, and tells everybody of it. */
function told(context: ApiContext, { message, isNew = false }: Outcome): Answer {
  if (message === undefined) return done;
  if (isNew && !message.loading) context.dispatches.messageCreated(message);
  else if (!message.loading) context.dispatches.messageUpdated(message);
  return ok(messagePayload(context, message));
}

/** The first answer to an interaction. */
const callback: Handler = (context, call, [id = "", token = ""]) => {
  const { status, body: message } = told(context, context.interactions.callback(id, token, call));
  if (call.query.get("with_response") !== "true") return done;
  return ok({ interaction: { id }, ...(status === 204 ? {} : { resource: { message } }) });
};

const typing = inChannel(({ world }, _call, channel) => {
  channel.typingUntil = world.clock() + TYPING_MS;
  world.changed();
  return done;
});

const gatewayBot: Handler = ({ gatewayUrl }) => {
  const limit = { total: 1000, remaining: 999, reset_after: 14_400_000, max_concurrency: 1 };
  return ok({ url: gatewayUrl(), shards: 1, session_start_limit: limit });
};

const application: Handler = ({ world, allowsContent }) =>
  ok({
    id: world.applicationId,
    name: world.bot.displayName,
    bot: userPayload(world.bot),
    flags: allowsContent() ? 1 << 19 : 0,
    approximate_guild_count: world.guilds.size,
  });

const attachment: Handler = ({ world }, { query }, [id = ""]) => {
  const file = world.files.get(id);
  const expires = query.get("ex") ?? "";
  const valid = query.get("hm") === linkSignature(id, expires) && Number.parseInt(expires, 16) * 1000 > world.clock();
  if (file === undefined || !valid)
    return { status: 404, body: new TextEncoder().encode("This content is no longer available.") };
  return { status: 200, headers: { "content-type": file.mediaType }, body: file.bytes };
};

/** `*`: an id, a token or an emoji, which the handler gets. */
const HANDLERS: Readonly<Record<string, Handler>> = {
  "GET /gateway/bot": gatewayBot,
  "GET /users/@me": ({ world }) => ok(userPayload(world.bot)),
  "GET /applications/@me": application,
  "GET /applications/*/commands": ({ world }) => commandsOf(world),
  "PUT /applications/*/commands": putCommands,
  "POST /users/@me/channels": openDirect,
  "GET /channels/*": inChannel(({ world }, _call, channel) => ok(channelPayload(world, channel))),
  "POST /channels/*/typing": typing,
  "GET /channels/*/messages": listMessages,
  "POST /channels/*/messages": createMessage,
  "GET /channels/*/messages/*": onMessage((context, _call, { message }) => ok(messagePayload(context, message))),
  "PATCH /channels/*/messages/*": editMessage,
  "DELETE /channels/*/messages/*": deleteMessage,
  "POST /channels/*/messages/*/threads": startThread,
  "PUT /channels/*/messages/*/reactions/*/@me": reaction(true),
  "DELETE /channels/*/messages/*/reactions/*/@me": reaction(false),
  "POST /interactions/*/*/callback": callback,
  "POST /webhooks/*/*": (context, call, [, token = ""]) => told(context, context.interactions.followUp(token, call)),
  "GET /webhooks/*/*/messages/*": (context, _call, [, token = "", id = ""]) =>
    ok(messagePayload(context, context.interactions.find(token, id))),
  "PATCH /webhooks/*/*/messages/*": (context, call, [, token = "", id = ""]) =>
    told(context, { message: change(context.world, context.interactions.find(token, id), call) }),
  "DELETE /webhooks/*/*/messages/*": (context, _call, [, token = "", id = ""]) =>
    removed(context, context.interactions.find(token, id)),
  "GET /attachments/*/*": attachment,
};
const ROUTES = Object.entries(HANDLERS).map(([route, handler]) => ({
  pattern: new RegExp(`^${route.replaceAll("*", "([^/]+)")}$`),
  handler,
}));

/** Answers one call. */
export function answer(context: ApiContext, call: Call): Answer {
  for (const { pattern, handler } of ROUTES) {
    const match = pattern.exec(`${call.method} ${call.path}`);
    if (match !== null) return handler(context, call, match.slice(1));
  }
  return refuse(404, 0, "404: Not Found");
}
