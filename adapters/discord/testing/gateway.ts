/**
 * The gateway: hello, identify, resume with replay, heartbeats, op 7 and 9, close codes, intents, shards.
 *
 * A session outlives its socket for a while; what is dispatched meanwhile is replayed when the client resumes it.
 */
import type { WebSocket } from "ws";
import { z } from "zod";
import { createSessions, dispatchTo, isOnShard, replay, type Session, type Sessions } from "./gateway-sessions.ts";
import { guildPayload, userPayload } from "./payloads.ts";
import type { World } from "./world.ts";

export const INTENTS = {
  guilds: 1 << 0,
  guildMessages: 1 << 9,
  guildReactions: 1 << 10,
  directMessages: 1 << 12,
  directReactions: 1 << 13,
  messageContent: 1 << 15,
} as const;

/** Close codes with their words. */
const CLOSE = {
  unknownOpcode: [4001, "Unknown opcode."],
  decodeError: [4002, "Decode error."],
  notAuthenticated: [4003, "Not authenticated."],
  authenticationFailed: [4004, "Authentication failed."],
  alreadyAuthenticated: [4005, "Already authenticated."],
  invalidSequence: [4007, "Invalid seq."],
  rateLimited: [4008, "Rate limited."],
  sessionTimedOut: [4009, "Session timed out."],
  invalidShard: [4010, "Invalid shard."],
  disallowedIntents: [4014, "Disallowed intent(s)."],
} as const;

const SENDS_PER_MINUTE = 120;
const HEARTBEAT_MS = 41_250;
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
  /** Whether the application may ask for message content. */
  readonly allowsContent: () => boolean;
  readonly url: () => string;
}

interface Connection {
  readonly socket: WebSocket;
  session?: Session;
  sends: number[];
  watchdog?: NodeJS.Timeout;
}

interface Server {
  readonly counts: { identified: number; resumed: number };
  readonly world: World;
  readonly rules: GatewayRules;
  readonly sessions: Sessions;
}

export type Gateway = ReturnType<typeof createGateway>;

export function createGateway(world: World, rules: GatewayRules) {
  const sessions = createSessions(world);
  const counts = { identified: 0, resumed: 0 };
  const server: Server = { world, rules, sessions, counts };
  const connections = new Set<Connection>();
  const toAll = (op: number, d: unknown): void => {
    for (const { socket } of connections) send(socket, op, d);
  };
  return {
    accept: (socket: WebSocket): void => {
      const connection: Connection = { socket, sends: [] };
      connections.add(connection);
      socket.on("message", (data: Buffer) => handle(server, connection, data.toString("utf8")));
      socket.on("error", () => socket.terminate());
      socket.on("close", () => {
        clearTimeout(connection.watchdog);
        connections.delete(connection);
        const { session } = connection;
        // Another socket may have taken its place already.
        if (session?.socket === socket) Object.assign(session, { socket: undefined, detachedAt: world.clock() });
        world.changed();
      });
      watch(connection);
      send(socket, OP.hello, { heartbeat_interval: HEARTBEAT_MS });
    },
    dispatch: sessions.dispatch,
    /** Sockets that have a session. */
    connected: (): number => [...connections].filter(({ session }) => session !== undefined).length,
    counts,
    /** Op 7: asks every client to reconnect and resume. */
    requestReconnect: (): void => toAll(OP.reconnect, null),
    /** Op 9: sessions are over; `resumable` tells the client that it may resume all the same. */
    invalidate: (resumable: boolean): void => {
      if (!resumable) sessions.end();
      toAll(OP.invalidSession, resumable);
    },
    closeAll: (code?: number): void => {
      for (const { socket } of connections) {
        if (code === undefined) socket.terminate();
        else socket.close(code);
      }
    },
    /** Dispatches again what was dispatched, shuffled; gives how many. */
    redeliver: sessions.redeliver,
  };
}

function send(socket: WebSocket, op: number, d?: unknown): void {
  socket.send(JSON.stringify({ op, d }));
}

/** A client that sends no heartbeat for two intervals is taken for dead. */
function watch(connection: Connection): void {
  clearTimeout(connection.watchdog);
  const close = (): void => connection.socket.close(...CLOSE.sessionTimedOut);
  connection.watchdog = setTimeout(close, HEARTBEAT_MS * 2).unref();
}

function handle(server: Server, connection: Connection, text: string): void {
  const { socket } = connection;
  const packet = parsePacket(text);
  if (packet === undefined) return socket.close(...CLOSE.decodeError);
  const now = Date.now();
  connection.sends = [...connection.sends.filter((at) => at > now - 60_000), now];
  if (connection.sends.length > SENDS_PER_MINUTE) return socket.close(...CLOSE.rateLimited);
  if (packet.op === OP.heartbeat) {
    watch(connection);
    return send(socket, OP.acknowledged);
  }
  if (packet.op === OP.identify) return identify(server, connection, packet.d);
  if (packet.op === OP.resume) return resume(server, connection, packet.d);
  if (!OTHER_OPS.has(packet.op)) return socket.close(...CLOSE.unknownOpcode);
  if (connection.session === undefined) socket.close(...CLOSE.notAuthenticated);
}

function identify({ world, rules, sessions, counts }: Server, connection: Connection, data: unknown): void {
  const { socket } = connection;
  if (connection.session !== undefined) return socket.close(...CLOSE.alreadyAuthenticated);
  const asked = Identify.safeParse(data).data;
  if (asked === undefined) return socket.close(...CLOSE.decodeError);
  const { token, intents, shard } = asked;
  if (token !== rules.token()) return socket.close(...CLOSE.authenticationFailed);
  if (shard[0] >= shard[1]) return socket.close(...CLOSE.invalidShard);
  if ((intents & INTENTS.messageContent) !== 0 && !rules.allowsContent())
    return socket.close(...CLOSE.disallowedIntents);
  counts.identified += 1;
  const session = sessions.open({ socket, intents, shard });
  connection.session = session;
  const guilds = [...world.guilds.values()].filter(({ id }) => isOnShard(id, shard));
  dispatchTo(session, "READY", {
    v: 10,
    user: { ...userPayload(world.bot), verified: true, mfa_enabled: false },
    guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
    session_id: session.id,
    resume_gateway_url: rules.url(),
    shard,
    application: { id: world.applicationId, flags: rules.allowsContent() ? CONTENT_FLAG : 0 },
  });
  for (const guild of guilds) dispatchTo(session, "GUILD_CREATE", guildPayload(world, guild));
  world.changed();
}

function resume({ world, rules, sessions, counts }: Server, connection: Connection, data: unknown): void {
  const { socket } = connection;
  const asked = Resume.safeParse(data).data;
  if (asked === undefined) return socket.close(...CLOSE.decodeError);
  if (asked.token !== rules.token()) return socket.close(...CLOSE.authenticationFailed);
  const session = sessions.find(asked.session_id);
  if (session === undefined) return send(socket, OP.invalidSession, false);
  if (asked.seq > session.sequence) return socket.close(...CLOSE.invalidSequence);
  counts.resumed += 1;
  session.socket = socket;
  connection.session = session;
  replay(session, asked.seq);
  dispatchTo(session, "RESUMED", {});
  world.changed();
}

function parsePacket(text: string): z.infer<typeof Packet> | undefined {
  try {
    return Packet.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
