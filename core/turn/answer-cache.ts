import type { Clock } from "../environment.ts";
import type { ReplyDraft } from "../reply.ts";

/** Answers that depend on no user, account, history or action, for a few minutes. Bounded; the oldest entry goes first. */
export interface AnswerCache {
  readonly get: (text: string) => ReplyDraft | undefined;
  readonly set: (text: string, draft: ReplyDraft) => void;
}

/** Makes the cache of one bot. `seconds` 0 keeps nothing. */
export function createAnswerCache(options: {
  readonly clock: Clock;
  readonly seconds: number;
  /** @default 1_000 */
  readonly maxEntries?: number;
}): AnswerCache {
  const { clock, seconds, maxEntries = 1_000 } = options;
  const entries = new Map<string, { readonly draft: ReplyDraft; readonly until: number }>();
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
      if (seconds === 0 || text.length > 2_000) return;
      const key = keyOf(text);
      entries.delete(key);
      entries.set(key, { draft, until: clock() + seconds * 1000 });
      const oldest = entries.keys().next();
      if (entries.size > maxEntries && !oldest.done) entries.delete(oldest.value);
    },
  };
}

function keyOf(text: string): string {
  return text.normalize("NFKC").trim().replaceAll(/\s+/gu, " ").toLowerCase();
}
