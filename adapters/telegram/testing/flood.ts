/** Flood control: how much a bot may say. */
import type { Room } from "./world.ts";
import { refuse } from "./refusal.ts";

interface Bucket {
  tokens: number;
  at: number;
}

/** A burst, and how many more each second. Telegram names 1 a second for a chat, 20 a minute for a group, 30 a second in all. */
const LIMITS = {
  private: { burst: 20, perSecond: 1 },
  supergroup: { burst: 20, perSecond: 20 / 60 },
  all: { burst: 30, perSecond: 30 },
} as const;

export interface Flood {
  /** Counts one message or edit. Throws 429 with `retry_after` when it is one too many. */
  readonly count: (room: Room) => void;
}

export function createFlood(clock: () => number): Flood {
  const buckets = new Map<string, Bucket>();
  const take = (name: string, { burst, perSecond }: { readonly burst: number; readonly perSecond: number }): void => {
    const now = clock();
    const { tokens, at } = buckets.get(name) ?? { tokens: burst, at: now };
    const left = Math.min(burst, tokens + ((now - at) / 1_000) * perSecond);
    if (left < 1) {
      const seconds = Math.max(1, Math.ceil((1 - left) / perSecond));
      refuse(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds });
    }
    buckets.set(name, { tokens: left - 1, at: now });
  };
  return {
    count: (room) => {
      take(String(room.id), LIMITS[room.type]);
      take("all", LIMITS.all);
    },
  };
}
