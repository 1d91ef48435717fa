/**
 * The gateway: hello, identify, resume with replay, heartbeats, op 7 and 9, close codes, intents, shards.
 *
 * A session outlives its socket for a while; what is dispatched meanwhile is replayed when the client resumes it.
 */
import type { WebSocket } from "ws";
import { z } from "zod";
import { type Dispatch, type Session, createSessions } from "./gateway-sessions.ts";
import type { Payload, World } from "./world.ts";

export const INTENTS = {
  guilds: 1 << 0,
  guildMessages: 1 << 9,
  guildReactions: 1 << 10,
  directMessages: 1 << 12,
  directReactions: 1 << 13,
  messageContent: 1 << 15,
} as const;

/** Close codes after which a client must not come back with the same settings, and those after which it may. */
export const CLOSE = {
  unknownOpcode: 4001,
  decodeError: 4002,
  notAuthenticated: 4003,
  authenticationFailed: 4004,
  alreadyAuthenticated: 4005,
  invalidSequence: 4007,
  rateLimited: 4008,
  sessionTimedOut: 4009,
  invalidShard: 4010,
  disallowedIntents: 4014,
} as const;

const SENDS_PER_MINUTE = 120;

const Packet = z.object({ op: z.number().int(), d: z.unknown() });
const Identify = z.object({
  token: z.string(),
  intents: z.number().int().nonnegative(),
  shard: z.tuple([z.number().int().nonnegative(), z.number().int().positive()]).default([0, 1]),
});
const Resume = z.object({ token: z.string(), session_id: z.string(), seq: z.number().int().nonnegative() });

export interface GatewayRules {
  readonly token: () => string;
  readonly heartbeatMs: number;
  /** Whether the application may ask for message content. */
  readonly allowsContent: () => boolean;
  readonly guildsOf: (shard: readonly [number, number]) => readonly Payload[];
  readonly url: () => string;
}

export interface GatewayCounts {
  identified: number;
  resumed: number;
  heartbeats: number;
}

export interface Gateway {
  readonly accept: (socket: WebSocket) => void;
  readonly dispatch: (dispatch: Dispatch) => void;
  /** Sockets that have a session. */
  readonly connected: () => number;
  readonly counts: GatewayCounts;
  /** Stops answering heartbeats: a connection that looks alive and is not. */
  readonly silence: (silent: boolean) => void;
  /** Op 7: asks every client to reconnect and resume. */
  readonly requestReconnect: () => void;
  /** Op 9: sessions are over; `resumable` tells the client that it may resume all the same. */
  readonly invalidate: (resumable: boolean) => void;
  readonly closeAll: (code?: number) => void;
  /** Dispatches again what was dispatched, shuffled; gives how many. */
  readonly redeliver: (types: ReadonlySet<string>) => number;
}

interface Connection {
  readonly socket: WebSocket;
  session?: Session;
  sends: number[];
  watchdog?: NodeJS.Timeout;
}

export function createGateway(world: World, rules: GatewayRules): Gateway {
  const sessions = createSessions(world);
  const connections = new Set<Connection>();
  const counts: GatewayCounts = { identified: 0, resumed: 0, heartbeats: 0 };
  let silent = false;

  const watch = (connection: Connection): void => {
    clearTimeout(connection.watchdog);
    const close = (): void => connection.socket.close(CLOSE.sessionTimedOut, "Session timed out.");
    connection.watchdog = setTimeout(close, rules.heartbeatMs * 2).unref();
  };

  const identify = (connection: Connection, data: unknown): void => {
    const parsed = Identify.safeParse(data);
    const refused = parsed.success ? refusalOf(parsed.data, rules) : ([CLOSE.decodeError, "Decode error."] as const);
    if (connection.session !== undefined)
      return connection.socket.close(CLOSE.alreadyAuthenticated, "Already authenticated.");
    if (refused !== undefined || !parsed.success)
      return connection.socket.close(refused?.[0] ?? CLOSE.decodeError, refused?.[1]);
    counts.identified += 1;
    const { intents, shard } = parsed.data;
    const session = sessions.open({ socket: connection.socket, intents, shard });
    connection.session = session;
    const guilds = rules.guildsOf(shard);
    session.dispatch("READY", {
      v: 10,
      user: { ...botUser(world), verified: true, mfa_enabled: false },
      guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
      session_id: session.id,
      resume_gateway_url: rules.url(),
      shard,
      application: { id: world.applicationId, flags: rules.allowsContent() ? 1 << 19 : 0 },
    });
    for (const guild of guilds) session.dispatch("GUILD_CREATE", guild);
    world.changed();
  };

  const resume = (connection: Connection, data: unknown): void => {
    const parsed = Resume.safeParse(data);
    if (!parsed.success) return connection.socket.close(CLOSE.decodeError, "Decode error.");
    if (parsed.data.token !== rules.token())
      return connection.socket.close(CLOSE.authenticationFailed, "Authentication failed.");
    const session = sessions.resume(parsed.data.session_id, connection.socket);
    if (session === undefined) return connection.socket.send(JSON.stringify({ op: 9, d: false }));
    if (parsed.data.seq > session.sequence()) return connection.socket.close(CLOSE.invalidSequence, "Invalid seq.");
    counts.resumed += 1;
    connection.session = session;
    session.replay(parsed.data.seq);
    session.dispatch("RESUMED", {});
    world.changed();
  };

  const handle = (connection: Connection, text: string): void => {
    const { socket } = connection;
    const packet = parsePacket(text);
    if (packet === undefined) return socket.close(CLOSE.decodeError, "Decode error.");
    const now = Date.now();
    connection.sends = [...connection.sends.filter((at) => at > now - 60_000), now];
    if (connection.sends.length > SENDS_PER_MINUTE) return socket.close(CLOSE.rateLimited, "Rate limited.");
    if (packet.op === 1) {
      counts.heartbeats += 1;
      if (!silent) watch(connection);
      if (!silent) socket.send(JSON.stringify({ op: 11 }));
    } else if (packet.op === 2) identify(connection, packet.d);
    else if (packet.op === 6) resume(connection, packet.d);
    else if (packet.op !== 3 && packet.op !== 4 && packet.op !== 8)
      socket.close(CLOSE.unknownOpcode, "Unknown opcode.");
    else if (connection.session === undefined) socket.close(CLOSE.notAuthenticated, "Not authenticated.");
  };

  const toAll = (packet: unknown): void => {
    for (const { socket } of connections) socket.send(JSON.stringify(packet));
  };

  return {
    accept: (socket) => {
      const connection: Connection = { socket, sends: [] };
      connections.add(connection);
      socket.on("message", (data: Buffer) => handle(connection, data.toString("utf8")));
      socket.on("error", () => socket.terminate());
      socket.on("close", () => {
        clearTimeout(connection.watchdog);
        connections.delete(connection);
        connection.session?.detach(socket);
        world.changed();
      });
      watch(connection);
      socket.send(JSON.stringify({ op: 10, d: { heartbeat_interval: rules.heartbeatMs } }));
    },
    dispatch: (dispatch) => sessions.dispatch(dispatch),
    connected: () => [...connections].filter(({ session }) => session !== undefined).length,
    counts,
    silence: (on) => {
      silent = on;
    },
    requestReconnect: () => toAll({ op: 7, d: null }),
    invalidate: (resumable) => {
      if (!resumable) sessions.end();
      toAll({ op: 9, d: resumable });
    },
    closeAll: (code) => {
      for (const { socket } of connections) {
        if (code === undefined) socket.terminate();
        else socket.close(code);
      }
    },
    redeliver: (types) => sessions.redeliver(types),
  };
}

/** Why an identify is refused, as a close code with its words. */
function refusalOf(identify: z.infer<typeof Identify>, rules: GatewayRules): readonly [number, string] | undefined {
  const { token, intents, shard } = identify;
  if (token !== rules.token()) return [CLOSE.authenticationFailed, "Authentication failed."];
  if (shard[0] >= shard[1]) return [CLOSE.invalidShard, "Invalid shard."];
  if ((intents & INTENTS.messageContent) !== 0 && !rules.allowsContent())
    return [CLOSE.disallowedIntents, "Disallowed intent(s)."];
  return undefined;
}

function botUser({ bot }: World): Payload {
  const { id, username, displayName } = bot;
  return { id, username, discriminator: "0", global_name: displayName, avatar: null, bot: true, flags: 0 };
}

function parsePacket(text: string): z.infer<typeof Packet> | undefined {
  try {
    return Packet.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
