/**
 * The gateway: hello, identify, resume with replay, heartbeats, op 7 and 9, close codes, intents, shards.
 *
 * A session outlives its socket for a while; what is dispatched meanwhile is replayed when the client resumes it.
 */
import type { WebSocket } from "ws";
import { z } from "zod";
import { createSessions, type Dispatch, type Session, type Sessions } from "./gateway-sessions.ts";
import { userPayload } from "./payloads.ts";
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
const CONTENT_FLAG = 1 << 19;

const OP = {
  heartbeat: 1,
  identify: 2,
  resume: 6,
  reconnect: 7,
  invalidSession: 9,
  hello: 10,
  acknowledged: 11,
} as const;
/** Presence, voice state, members: taken from clients that are authenticated, and without effect here. */
const OTHER_OPS: ReadonlySet<number> = new Set([3, 4, 8]);

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

interface Server {
  readonly world: World;
  readonly rules: GatewayRules;
  readonly sessions: Sessions;
  readonly counts: GatewayCounts;
  silent: boolean;
}

export function createGateway(world: World, rules: GatewayRules): Gateway {
  const counts: GatewayCounts = { identified: 0, resumed: 0, heartbeats: 0 };
  const server: Server = { world, rules, sessions: createSessions(world), counts, silent: false };
  const { sessions } = server;
  const connections = new Set<Connection>();
  const toAll = (packet: unknown): void => {
    for (const { socket } of connections) socket.send(JSON.stringify(packet));
  };
  return {
    accept: (socket) => {
      const connection: Connection = { socket, sends: [] };
      connections.add(connection);
      socket.on("message", (data: Buffer) => handle(server, connection, data.toString("utf8")));
      socket.on("error", () => socket.terminate());
      socket.on("close", () => {
        clearTimeout(connection.watchdog);
        connections.delete(connection);
        connection.session?.detach(socket);
        world.changed();
      });
      watch(server, connection);
      socket.send(JSON.stringify({ op: OP.hello, d: { heartbeat_interval: rules.heartbeatMs } }));
    },
    dispatch: sessions.dispatch,
    connected: () => [...connections].filter(({ session }) => session !== undefined).length,
    counts,
    silence: (on) => {
      server.silent = on;
    },
    requestReconnect: () => toAll({ op: OP.reconnect, d: null }),
    invalidate: (resumable) => {
      if (!resumable) sessions.end();
      toAll({ op: OP.invalidSession, d: resumable });
    },
    closeAll: (code) => {
      for (const { socket } of connections) {
        if (code === undefined) socket.terminate();
        else socket.close(code);
      }
    },
    redeliver: sessions.redeliver,
  };
}

/** A client that sends no heartbeat for two intervals is taken for dead. */
function watch({ rules }: Server, connection: Connection): void {
  clearTimeout(connection.watchdog);
  const close = (): void => connection.socket.close(CLOSE.sessionTimedOut, "Session timed out.");
  connection.watchdog = setTimeout(close, rules.heartbeatMs * 2).unref();
}

function handle(server: Server, connection: Connection, text: string): void {
  const { socket } = connection;
  const packet = parsePacket(text);
  if (packet === undefined) return socket.close(CLOSE.decodeError, "Decode error.");
  const now = Date.now();
  connection.sends = [...connection.sends.filter((at) => at > now - 60_000), now];
  if (connection.sends.length > SENDS_PER_MINUTE) return socket.close(CLOSE.rateLimited, "Rate limited.");
  if (packet.op === OP.heartbeat) return heartbeat(server, connection);
  if (packet.op === OP.identify) return identify(server, connection, packet.d);
  if (packet.op === OP.resume) return resume(server, connection, packet.d);
  if (!OTHER_OPS.has(packet.op)) return socket.close(CLOSE.unknownOpcode, "Unknown opcode.");
  if (connection.session === undefined) socket.close(CLOSE.notAuthenticated, "Not authenticated.");
}

function heartbeat(server: Server, connection: Connection): void {
  server.counts.heartbeats += 1;
  if (server.silent) return;
  watch(server, connection);
  connection.socket.send(JSON.stringify({ op: OP.acknowledged }));
}

function identify({ world, rules, sessions, counts }: Server, connection: Connection, data: unknown): void {
  const { socket } = connection;
  if (connection.session !== undefined) return socket.close(CLOSE.alreadyAuthenticated, "Already authenticated.");
  const asked = Identify.safeParse(data).data;
  if (asked === undefined) return socket.close(CLOSE.decodeError, "Decode error.");
  const refused = refusalOf(asked, rules);
  if (refused !== undefined) return socket.close(...refused);
  counts.identified += 1;
  const { intents, shard } = asked;
  const session = sessions.open({ socket, intents, shard });
  connection.session = session;
  const guilds = rules.guildsOf(shard);
  session.dispatch("READY", {
    v: 10,
    user: { ...userPayload(world.bot), verified: true, mfa_enabled: false },
    guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
    session_id: session.id,
    resume_gateway_url: rules.url(),
    shard,
    application: { id: world.applicationId, flags: rules.allowsContent() ? CONTENT_FLAG : 0 },
  });
  for (const guild of guilds) session.dispatch("GUILD_CREATE", guild);
  world.changed();
}

function resume({ world, rules, sessions, counts }: Server, connection: Connection, data: unknown): void {
  const { socket } = connection;
  const asked = Resume.safeParse(data).data;
  if (asked === undefined) return socket.close(CLOSE.decodeError, "Decode error.");
  if (asked.token !== rules.token()) return socket.close(CLOSE.authenticationFailed, "Authentication failed.");
  const session = sessions.resume(asked.session_id, socket);
  if (session === undefined) return socket.send(JSON.stringify({ op: OP.invalidSession, d: false }));
  if (asked.seq > session.sequence()) return socket.close(CLOSE.invalidSequence, "Invalid seq.");
  counts.resumed += 1;
  connection.session = session;
  session.replay(asked.seq);
  session.dispatch("RESUMED", {});
  world.changed();
}

/** Why an identify is refused, as a close code with its words. */
function refusalOf(asked: z.infer<typeof Identify>, rules: GatewayRules): readonly [number, string] | undefined {
  const { token, intents, shard } = asked;
  if (token !== rules.token()) return [CLOSE.authenticationFailed, "Authentication failed."];
  if (shard[0] >= shard[1]) return [CLOSE.invalidShard, "Invalid shard."];
  if ((intents & INTENTS.messageContent) !== 0 && !rules.allowsContent())
    return [CLOSE.disallowedIntents, "Disallowed intent(s)."];
  return undefined;
}

function parsePacket(text: string): z.infer<typeof Packet> | undefined {
  try {
    return Packet.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
