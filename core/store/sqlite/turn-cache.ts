import type { TurnRecord } from "../store.ts";

/** Turns that were read or written lately, by their row id. A row never changes and its id is never used again. */
export interface TurnCache {
  readonly get: (id: number) => TurnRecord | undefined;
  readonly set: (id: number, turn: TurnRecord) => void;
  /** After an erasure, nothing of it may linger here. */
  readonly clear: () => void;
}

const DEFAULT_MAX_CHARACTERS = 4_000_000;
/** What a turn takes besides its texts, roughly. */
const OVERHEAD = 400;

/** Makes an empty cache that holds about so many characters; what was not used for longest goes first. */
export function createTurnCache(maxCharacters = DEFAULT_MAX_CHARACTERS): TurnCache {
  const turns = new Map<number, { readonly turn: TurnRecord; readonly size: number }>();
  let total = 0;

  function drop(id: number): void {
    total -= turns.get(id)?.size ?? 0;
    turns.delete(id);
  }

  return {
    get: (id) => {
      const found = turns.get(id);
      if (found === undefined) return undefined;
      turns.delete(id);
      turns.set(id, found);
      return found.turn;
    },
    set: (id, turn) => {
      drop(id);
      const size = sizeOf(turn);
      if (size > maxCharacters / 100) return;
      turns.set(id, { turn, size });
      total += size;
      for (const oldest of turns.keys()) {
        if (total <= maxCharacters) return;
        drop(oldest);
      }
    },
    clear: () => {
      turns.clear();
      total = 0;
    },
  };
}

function sizeOf({ text, replies }: TurnRecord): number {
  const answers = replies.reduce((sum, reply) => sum + reply.text.length + quotedIn(reply), 0);
  return OVERHEAD * (1 + replies.length) + text.length + answers;
}

function quotedIn({ sources, cards = [] }: TurnRecord["replies"][number]): number {
  return sources.reduce((sum, { quote }) => sum + quote.length + OVERHEAD, 0) + cards.length * OVERHEAD;
}
