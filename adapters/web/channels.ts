import { randomBytes } from "node:crypto";
import type { Channel } from "./channel.ts";
import { createChannel } from "./channel.ts";

/** The live sessions of this process. Those that nobody uses are forgotten: history keeps what was said. */
export interface Channels {
  readonly open: (chat: string) => Channel;
  readonly find: (chat: string) => Channel | undefined;
  readonly remove: (chat: string) => void;
  readonly all: () => readonly Channel[];
  /** Sockets of all sessions. */
  readonly sockets: () => number;
  /** Forgets what has been idle; gives how many are left. */
  readonly sweep: () => number;
  readonly close: () => void;
}

const IDLE_MS = 5 * 60_000;
const SWEEP_MS = 30_000;
/** Sessions without a socket that are kept at most. */
const MAX_DETACHED = 500;

export function createChannels(clock: () => number): Channels {
  const channels = new Map<string, Channel>();
  const isFree = (channel: Channel): boolean => channel.sockets() === 0 && channel.turns.waiting() === 0;
  const sweep = (): number => {
    const free = [...channels.values()].filter(isFree).toSorted((left, right) => right.usedAt() - left.usedAt());
    for (const [index, { chat, usedAt }] of free.entries()) {
      if (index >= MAX_DETACHED || clock() - usedAt() > IDLE_MS) channels.delete(chat);
    }
    return channels.size;
  };
  const timer = setInterval(sweep, SWEEP_MS);
  timer.unref();
  const all = (): readonly Channel[] => [...channels.values()];
  return {
    open: (chat) => {
      const found = channels.get(chat) ?? createChannel(chat, randomBytes(6).toString("base64url"), clock);
      channels.set(chat, found);
      // Many short sessions between two sweeps must not pile up either.
      if (channels.size > 2 * MAX_DETACHED && channels.size % MAX_DETACHED === 0) sweep();
      return found;
    },
    find: (chat) => channels.get(chat),
    remove: (chat) => void channels.delete(chat),
    all,
    sockets: () => all().reduce((sum, channel) => sum + channel.sockets(), 0),
    sweep,
    close: () => clearInterval(timer),
  };
}
