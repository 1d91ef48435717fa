/** Gateway sessions: numbered dispatches, kept for a client that comes back. */
import type { WebSocket } from "ws";
import type { Payload, World } from "./world.ts";

/** How long a session without a socket can be resumed, and how much of it is replayed at most. */
const RESUMABLE_MS = 3 * 60_000;
const MAX_REPLAY = 5_000;

/** One dispatch: what is sent depends on what the session may read; `undefined` for nothing. */
export interface Dispatch {
  readonly type: string;
  readonly guildId?: string | undefined;
  readonly data: (intents: number) => Payload | undefined;
}

export type Shard = readonly [id: number, count: number];

export interface Session {
  readonly id: string;
  readonly intents: number;
  readonly shard: Shard;
  /** Undefined while the client is away. */
  socket: WebSocket | undefined;
  detachedAt: number;
  sequence: number;
  readonly log: { readonly op: 0; readonly t: string; readonly s: number; readonly d: Payload }[];
}

/** Which shard a server belongs to. */
export function isOnShard(guildId: string, [id, count]: Shard): boolean {
  return Number((BigInt(guildId) >> 22n) % BigInt(count)) === id;
}

export type Sessions = ReturnType<typeof createSessions>;

export function createSessions(world: World) {
  const sessions = new Map<string, Session>();
  return {
    open: (facts: Pick<Session, "socket" | "intents" | "shard">): Session => {
      // A client that identifies anew has given up what it had before.
      for (const { id, shard, socket } of sessions.values())
        if (socket === undefined && shard[0] === facts.shard[0]) sessions.delete(id);
      const session: Session = { ...facts, id: `session-${world.newId()}`, detachedAt: 0, sequence: 0, log: [] };
      sessions.set(session.id, session);
      return session;
    },
    /** Undefined when there is nothing left to resume. */
    find: (id: string): Session | undefined => {
      const session = sessions.get(id);
      const isOver = session?.socket === undefined && world.clock() - (session?.detachedAt ?? 0) > RESUMABLE_MS;
      return isOver ? undefined : session;
    },
    dispatch: ({ type, guildId, data }: Dispatch): void => {
      for (const session of sessions.values()) {
        const isMeant = guildId === undefined ? session.shard[0] === 0 : isOnShard(guildId, session.shard);
        const payload = isMeant ? data(session.intents) : undefined;
        if (payload !== undefined) dispatchTo(session, type, payload);
      }
    },
    redeliver: (types: ReadonlySet<string>): number => {
      const all = [...sessions.values()].flatMap((session) => {
        const known = session.log.filter(({ t }) => types.has(t));
        return shuffled([...known, ...known.filter((_, index) => index % 3 === 0)]).map((one) => ({ ...one, session }));
      });
      for (const { session, t, d } of all) dispatchTo(session, t, d);
      return all.length;
    },
    /** Ends them all: nobody can resume. */
    end: (): void => sessions.clear(),
  };
}

export function dispatchTo(session: Session, type: string, data: Payload): void {
  session.sequence += 1;
  session.log.push({ op: 0, t: type, s: session.sequence, d: data });
  if (session.log.length > MAX_REPLAY) session.log.shift();
  replay(session, session.sequence - 1);
}

/** Sends what came after this number. */
export function replay({ socket, log }: Session, after: number): void {
  for (const packet of log.filter(({ s }) => s > after))
    if (socket?.readyState === socket?.OPEN) socket?.send(JSON.stringify(packet));
}

/** In another order, the same each time. */
function shuffled<Item>(items: readonly Item[]): readonly Item[] {
  return items
    .map((item, index) => ({ item, place: (index * 7_919) % 31 }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
