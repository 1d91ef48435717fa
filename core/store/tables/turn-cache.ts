import { LRUCache } from "lru-cache";
import type { TurnRecord } from "../store.ts";

/** Turns that were read or written lately, by their row id. A row never changes and its id is never used again. */
export type TurnCache = Pick<LRUCache<number, TurnRecord>, "get" | "set" | "clear">;

const DEFAULT_MAX_CHARACTERS = 4_000_000;
/** What a turn takes besides its texts, roughly. */
const OVERHEAD = 400;

/** Makes an empty cache that holds about so many characters; what was not used for longest goes first. */
export function createTurnCache(maxCharacters = DEFAULT_MAX_CHARACTERS): TurnCache {
  const maxEntrySize = Math.floor(maxCharacters / 100);
  return new LRUCache<number, TurnRecord>({ maxSize: maxCharacters, maxEntrySize, sizeCalculation: sizeOf });
}

function sizeOf({ text, replies }: TurnRecord): number {
  let size = OVERHEAD + text.length;
  for (const { text: answer, sources, cards = [] } of replies) {
    size += OVERHEAD * (1 + sources.length + cards.length) + answer.length;
    for (const { quote } of sources) size += quote.length;
  }
  return size;
}
