/** The REST API, version 10: each route as Discord has it, with its error bodies. */
import type { ApiAnswer as Answer, ApiCall as Call } from "../../../testing.ts";
import type { Dispatches } from "./dispatches.ts";
import type { Interactions, Outcome } from "./interactions.ts";
import { channelPayload, linkSignature, messagePayload, type PayloadContext, userPayload } from "./payloads.ts";
import { change, post, readMessage } from "./posting.ts";
import { type ApiError, CommandsBody, isApiError, validate } from "./validate.ts";
import {
  addChannel,
  directChannel,
  removeMessage,
  setReaction,
  type StoredChannel,
  type StoredMessage,
} from "./world.ts";

export interface ApiContext extends PayloadContext {
  readonly dispatches: Dispatches;
  readonly interactions: Interactions;
  readonly gatewayUrl: () => string;
  readonly allowsContent: () => boolean;
}

/** How long "is typing…" is shown. */
const TYPING_MS = 10_000;

type Handler = (context: ApiContext, call: Call, ids: readonly string[]) => Answer;

const notFound = (code: number, message: string): ApiError => ({ status: 404, code, message });
export const refused = ({ status, ...body }: ApiError): Answer => ({ status, body });
const ok = (body: unknown): Answer => ({ status: 200, body });
const done: Answer = { status: 204 };

/** A handler for calls on a channel that exists. */
const inChannel =
  (work: (context: ApiContext, call: Call, channel: StoredChannel) => Answer): Handler =>
  (context, call, [channelId = ""]) => {
    const channel = context.world.channels.get(channelId);
    if (channel === undefined) return refused(notFound(10003, "Unknown Channel"));
    return channel.closed === undefined ? work(context, call, channel) : refused(channel.closed);
  };

/** A handler for calls on a message that exists. */
const onMessage =
  (
    work: (
      context: ApiContext,
      call: Call,
      found: { message: StoredMessage; channel: StoredChannel; rest: string },
    ) => Answer,
  ): Handler =>
  (context, call, [channelId = "", messageId = "", rest = ""]) => {
    const channel = context.world.channels.get(channelId);
    const message = channel?.messages.find(({ id, visibleTo }) => id === messageId && visibleTo === undefined);
    if (channel === undefined) return refused(notFound(10003, "Unknown Channel"));
    if (message === undefined) return refused(notFound(10008, "Unknown Message"));
    return work(context, call, { message, channel, rest });
  };

const createMessage = inChannel((context, call, channel) => {
  if (channel.type === "forum")
    return refused({ status: 400, code: 50008, message: "Cannot send messages in a non-text channel" });
  const body = readMessage(call);
  if (isApiError(body)) return refused(body);
  const posted = post(context.world, channel, { body, files: call.files });
  if (isApiError(posted)) return refused(posted);
  if (posted.isNew) context.dispatches.messageCreated(posted.message);
  const { nonce } = posted.message;
  return ok({ ...messagePayload(context, posted.message), ...(nonce === undefined ? {} : { nonce }) });
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
  if (message.author.id !== context.world.bot.id)
    return refused({ status: 403, code: 50005, message: "Cannot edit a message authored by another user" });
  const body = readMessage(call, true);
  if (isApiError(body)) return refused(body);
  change(context.world, message, body, call.files);
  context.dispatches.messageUpdated(message);
  return ok(messagePayload(context, message));
});

const deleteMessage = onMessage((context, _call, { message }) => {
  removeMessage(context.world, message);
  context.dispatches.messageDeleted(message);
  return done;
});

const startThread = onMessage((context, call, { message, channel }) => {
  const { world, dispatches } = context;
  const name = typeof call.body === "object" && call.body !== null && "name" in call.body ? String(call.body.name) : "";
  if (name === "" || name.length > 100)
    return refused({ status: 400, code: 50035, message: "Invalid Form Body", errors: { name: { _errors: [] } } });
  if (world.channels.has(message.id))
    return refused({ status: 400, code: 160004, message: "A thread has already been created for this message" });
  const guildId = channel.guildId === undefined ? {} : { guildId: channel.guildId };
  const facts = {
    type: "thread",
    name,
    parentId: channel.id,
    members: channel.members,
    id: message.id,
    ...guildId,
  } as const;
  const thread = addChannel(world, facts);
  dispatches.threadCreated(thread);
  world.changed();
  return { status: 201, body: channelPayload(world, thread) };
});

const reaction =
  (added: boolean): Handler =>
  (context, call, ids) =>
    onMessage(({ world, dispatches }, _call, { message, rest: emoji }) => {
      const by = { emoji, userId: world.bot.id };
      setReaction(message, by, added);
      dispatches.reactionChanged(message, by, added);
      world.changed();
      return done;
    })(context, call, ids);

const putCommands: Handler = ({ world }, call) => {
  const commands = validate(CommandsBody, call.body);
  if (isApiError(commands)) return refused(commands);
  world.commands = commands.map((body) => ({ id: world.newId(), name: body.name, type: body.type, body }));
  world.changed();
  return ok(commandsPayload(world));
};

const commandsPayload = (world: ApiContext["world"]): readonly unknown[] =>
  world.commands.map(({ id, body }) => ({
    ...body,
    id,
    application_id: world.applicationId,
    version: id,
    default_member_permissions: null,
    nsfw: false,
  }));

const openDirect: Handler = ({ world, dispatches }, { body }) => {
  const id = typeof body === "object" && body !== null && "recipient_id" in body ? String(body.recipient_id) : "";
  if (!world.users.has(id)) return refused(notFound(10013, "Unknown User"));
  const { channel, isNew } = directChannel(world, id);
  if (isNew) dispatches.channelCreated(channel);
  return ok(channelPayload(world, channel));
};

/** What an interaction's call answers: the message. */
function outcome(context: ApiContext, result: Outcome): Answer {
  if (isApiError(result)) return refused(result);
  announce(context, result);
  const { message, removed = false } = result;
  return removed || message === undefined ? done : ok(messagePayload(context, message));
}

function announce({ dispatches }: ApiContext, result: Exclude<Outcome, ApiError>): void {
  const { message, isNew = false, removed = false } = result;
  if (message === undefined || message.loading) return;
  if (removed) dispatches.messageDeleted(message);
  else if (isNew) dispatches.messageCreated(message);
  else dispatches.messageUpdated(message);
}

/** The first answer to an interaction. */
const callback: Handler = (context, call, [id = "", token = ""]) => {
  const result = context.interactions.callback(id, token, call);
  if (isApiError(result)) return refused(result);
  announce(context, result);
  if (call.query.get("with_response") !== "true") return done;
  const { message } = result;
  const resource = message === undefined ? {} : { resource: { message: messagePayload(context, message) } };
  return ok({ interaction: { id }, ...resource });
};

const ROUTES: readonly (readonly [method: string, path: RegExp, handler: Handler])[] = [
  [
    "GET",
    /^\/gateway\/bot$/,
    ({ gatewayUrl }) =>
      ok({
        url: gatewayUrl(),
        shards: 1,
        session_start_limit: { total: 1000, remaining: 999, reset_after: 14_400_000, max_concurrency: 1 },
      }),
  ],
  ["GET", /^\/users\/@me$/, ({ world }) => ok(userPayload(world.bot))],
  [
    "GET",
    /^\/applications\/@me$/,
    ({ world, allowsContent }) =>
      ok({
        id: world.applicationId,
        name: world.bot.displayName,
        bot: userPayload(world.bot),
        flags: allowsContent() ? 1 << 19 : 0,
        approximate_guild_count: world.guilds.size,
      }),
  ],
  ["GET", /^\/applications\/\d+\/commands$/, ({ world }) => ok(commandsPayload(world))],
  ["PUT", /^\/applications\/\d+\/commands$/, putCommands],
  ["POST", /^\/users\/@me\/channels$/, openDirect],
  ["GET", /^\/channels\/(\d+)$/, inChannel(({ world }, _call, channel) => ok(channelPayload(world, channel)))],
  [
    "POST",
    /^\/channels\/(\d+)\/typing$/,
    inChannel(({ world }, _call, channel) => {
      channel.typingUntil = world.clock() + TYPING_MS;
      world.changed();
      return done;
    }),
  ],
  ["GET", /^\/channels\/(\d+)\/messages$/, listMessages],
  ["POST", /^\/channels\/(\d+)\/messages$/, createMessage],
  [
    "GET",
    /^\/channels\/(\d+)\/messages\/(\d+)$/,
    onMessage((context, _call, { message }) => ok(messagePayload(context, message))),
  ],
  ["PATCH", /^\/channels\/(\d+)\/messages\/(\d+)$/, editMessage],
  ["DELETE", /^\/channels\/(\d+)\/messages\/(\d+)$/, deleteMessage],
  ["POST", /^\/channels\/(\d+)\/messages\/(\d+)\/threads$/, startThread],
  ["PUT", /^\/channels\/(\d+)\/messages\/(\d+)\/reactions\/([^/]+)\/@me$/, reaction(true)],
  ["DELETE", /^\/channels\/(\d+)\/messages\/(\d+)\/reactions\/([^/]+)\/@me$/, reaction(false)],
  ["POST", /^\/interactions\/(\d+)\/([^/]+)\/callback$/, callback],
  [
    "POST",
    /^\/webhooks\/\d+\/([^/]+)$/,
    (context, call, [token = ""]) => {
      const result = context.interactions.followUp(token, call);
      return outcome(context, result);
    },
  ],
  [
    "GET",
    /^\/webhooks\/\d+\/([^/]+)\/messages\/([^/]+)$/,
    (context, _call, [token = "", id = ""]) => {
      const found = context.interactions.findMessage(token, id);
      if (isApiError(found) || found.message === undefined)
        return refused(isApiError(found) ? found : notFound(10008, "Unknown Message"));
      return ok(messagePayload(context, found.message));
    },
  ],
  [
    "PATCH",
    /^\/webhooks\/\d+\/([^/]+)\/messages\/([^/]+)$/,
    (context, call, [token = "", id = ""]) => outcome(context, context.interactions.editMessage(token, id, call)),
  ],
  [
    "DELETE",
    /^\/webhooks\/\d+\/([^/]+)\/messages\/([^/]+)$/,
    (context, _call, [token = "", id = ""]) => outcome(context, context.interactions.removeMessage(token, id)),
  ],
  ["GET", /^\/attachments\/(\d+)\/[^/]+$/, (context, { query }, [id = ""]) => serveFile(context, id, query)],
];

function serveFile({ world }: ApiContext, id: string, query: URLSearchParams): Answer {
  const file = world.files.get(id);
  const expires = query.get("ex") ?? "";
  const valid = query.get("hm") === linkSignature(id, expires) && Number.parseInt(expires, 16) * 1000 > world.clock();
  if (file === undefined || !valid)
    return { status: 404, body: new TextEncoder().encode("This content is no longer available.") };
  return { status: 200, headers: { "content-type": file.mediaType }, body: file.bytes };
}

/** Answers one call. */
export function answer(context: ApiContext, call: Call): Answer {
  for (const [method, path, handler] of ROUTES) {
    const match = call.method === method ? path.exec(call.path) : null;
    if (match !== null) return handler(context, call, match.slice(1));
  }
  return refused(notFound(0, "404: Not Found"));
}
