/** Gateway sessions: numbered dispatches, kept for a client that comes back. */
import type { WebSocket } from "ws";
import type { Payload, World } from "./world.ts";

/** How long a session without a socket can be resumed, and how much of it is replayed at most. */
const RESUMABLE_MS = 3 * 60_000;
const MAX_REPLAY = 5_000;
const OPEN = 1;

/** One dispatch: what is sent depends on what the session may read; `undefined` for nothing. */
export interface Dispatch {
  readonly type: string;
  readonly guildId?: string | undefined;
  readonly data: (intents: number) => Payload | undefined;
}

interface Packet {
  readonly op: 0;
  readonly t: string;
  readonly s: number;
  readonly d: Payload;
}

export interface Session {
  readonly id: string;
  readonly sequence: () => number;
  readonly dispatch: (type: string, data: Payload) => void;
  /** Sends again what came after this number. */
  readonly replay: (after: number) => void;
  /** The socket is gone; another may have taken its place already. */
  readonly detach: (socket: WebSocket) => void;
}

interface OpenSession extends Session {
  readonly covers: (guildId: string | undefined) => boolean;
  readonly intents: number;
  readonly attach: (socket: WebSocket) => void;
  readonly expired: () => boolean;
  readonly shard: readonly [number, number];
  readonly attached: () => boolean;
  readonly log: readonly Packet[];
}

export interface Sessions {
  readonly open: (facts: SessionFacts) => Session;
  /** Undefined when there is nothing left to resume. */
  readonly resume: (id: string, socket: WebSocket) => Session | undefined;
  readonly dispatch: (dispatch: Dispatch) => void;
  readonly redeliver: (types: ReadonlySet<string>) => number;
  /** Ends them all: nobody can resume. */
  readonly end: () => void;
}

interface SessionFacts {
  readonly socket: WebSocket;
  readonly intents: number;
  readonly shard: readonly [number, number];
}

export function createSessions(world: World): Sessions {
  const sessions = new Map<string, OpenSession>();
  return {
    open: (facts) => {
      // A client that identifies anew has given up what it had before.
      for (const { id, shard, attached } of sessions.values()) {
        if (!attached() && shard[0] === facts.shard[0]) sessions.delete(id);
      }
      const session = createSession(`session-${world.newId()}`, world, facts);
      sessions.set(session.id, session);
      return session;
    },
    resume: (id, socket) => {
      const session = sessions.get(id);
      if (session === undefined || session.expired()) return undefined;
      session.attach(socket);
      return session;
    },
    dispatch: ({ type, guildId, data }) => {
      for (const session of sessions.values()) {
        const payload = session.covers(guildId) ? data(session.intents) : undefined;
        if (payload !== undefined) session.dispatch(type, payload);
      }
    },
    redeliver: (types) => {
      let count = 0;
      for (const session of sessions.values()) {
        const known = session.log.filter(({ t }) => types.has(t));
        for (const { t, d } of shuffled([...known, ...known.filter((_, index) => index % 3 === 0)])) {
          session.dispatch(t, d);
          count += 1;
        }
      }
      return count;
    },
    end: () => sessions.clear(),
  };
}

function createSession(id: string, world: World, { socket: first, intents, shard }: SessionFacts): OpenSession {
  const log: Packet[] = [];
  let socket: WebSocket | undefined = first;
  let sequence = 0;
  let detachedAt = 0;
  const send = (packet: Packet): void => {
    if (socket?.readyState === OPEN) socket.send(JSON.stringify(packet));
  };
  return {
    id,
    intents,
    shard,
    log,
    sequence: () => sequence,
    attached: () => socket !== undefined,
    covers: (guildId) =>
      guildId === undefined ? shard[0] === 0 : Number((BigInt(guildId) >> 22n) % BigInt(shard[1])) === shard[0],
    dispatch: (type, data) => {
      sequence += 1;
      const packet: Packet = { op: 0, t: type, s: sequence, d: data };
      log.push(packet);
      if (log.length > MAX_REPLAY) log.shift();
      send(packet);
    },
    replay: (after) => {
      for (const packet of log) if (packet.s > after) send(packet);
    },
    attach: (next) => {
      socket = next;
    },
    detach: (gone) => {
      if (socket !== gone) return;
      socket = undefined;
      detachedAt = world.clock();
    },
    expired: () => socket === undefined && world.clock() - detachedAt > RESUMABLE_MS,
  };
}

/** In another order, the same each time. */
function shuffled<Item>(items: readonly Item[]): readonly Item[] {
  return items
    .map((item, index) => ({ item, place: (index * 7_919) % 31 }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
