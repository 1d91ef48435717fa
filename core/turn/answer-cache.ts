import { LRUCache } from "lru-cache";
import type { Clock } from "../environment.ts";
import type { ReplyDraft } from "../reply.ts";

/** Answers that depend on no user, account, history or action, for a few minutes. Bounded: what was longest not asked for goes first. */
export interface AnswerCache {
  readonly get: (text: string) => ReplyDraft | undefined;
  readonly set: (text: string, draft: ReplyDraft) => void;
}

/** Makes the cache of one bot. */
export function createAnswerCache(options: {
  readonly clock: Clock;
  readonly seconds: number;
  /** @default 1_000 */
  readonly maxEntries?: number;
}): AnswerCache {
  const { clock, seconds, maxEntries = 1_000 } = options;
  const entries = new LRUCache<string, { readonly draft: ReplyDraft; readonly until: number }>({ max: maxEntries });
  return {
    get: (text) => {
      const key = keyOf(text);
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      if (entry.until > clock()) return entry.draft;
      entries.delete(key);
      return undefined;
    },
    set: (text, draft) => {
      if (text.length > 2_000) return;
      entries.set(keyOf(text), { draft, until: clock() + seconds * 1000 });
    },
  };
}

function keyOf(text: string): string {
  return text.normalize("NFKC").trim().replaceAll(/\s+/gu, " ").toLowerCase();
}
