import type { ConversationId } from "../conversation-id.ts";
import type { MemoryFact } from "../crew.ts";
import type { MemoryScope, Store } from "../store/store.ts";

import { isForbiddenFact } from "./memory-secrets.ts";
import { cutText } from "../text/cut.ts";

/** Where a turn takes place, as far as memory is concerned. */
export interface MemoryPlace {
  readonly bot: string;
  readonly chatType: "direct" | "group";
  readonly conversation: ConversationId;
  /** From `People.personOf`. */
  readonly person: string;
}

/**
 * Whose facts a turn reads and writes, the one rule of privacy: in a direct chat the person's, in a group those told there,
 * never both. So nothing told in private is readable where others listen, and nothing of a group follows a person out of it.
 */
export function memoryScope({ bot, chatType, conversation, person }: MemoryPlace): MemoryScope {
  return chatType === "direct" ? { kind: "person", bot, person } : { kind: "conversation", conversation };
}

/** A model decides what to remember, so what it may store is bounded. */
const MAX_FACTS = 100;
const MAX_KEY_LENGTH = 100;
const MAX_VALUE_LENGTH = 1_000;

/** The memory of one place: what a turn can reach, and nothing else. */
export interface MemoryAccess {
  readonly facts: () => Promise<readonly MemoryFact[]>;
  /** Stores facts (as a crew returns them) or, where the value is empty, forgets the key. Too long ones are cut. */
  readonly remember: (facts: readonly { readonly key: string; readonly value: string }[], at: string) => Promise<void>;
  /** Forgets one key or all; gives how many. */
  readonly forget: (key?: string) => Promise<number>;
}

/** Opens the memory of one place. Beyond 100 facts the oldest are forgotten. */
export function createMemoryAccess(store: Pick<Store, "memory">, place: MemoryPlace): MemoryAccess {
  const { memory } = store;
  const scope = memoryScope(place);
  // In a group each fact belongs to whoever told it: "my name is Ann" says nothing of the others there. The keys of a
  // group's facts therefore begin with the person, and a turn sees its asker's alone.
  const asker = place.chatType === "direct" ? "" : `${place.person}:`;

  async function facts(): Promise<readonly MemoryFact[]> {
    const all = await memory.list(scope);
    return all
      .filter(({ key }) => key.startsWith(asker))
      .map((fact) => ({ ...fact, key: fact.key.slice(asker.length) }));
  }

  async function forgetOldest(): Promise<void> {
    const all = await memory.list(scope);
    const excess = all
      .toSorted((left, right) => left.at.localeCompare(right.at))
      .slice(0, Math.max(0, all.length - MAX_FACTS));
    await Promise.all(excess.map(async ({ key }) => await memory.forget(scope, key)));
  }

  return {
    facts,
    remember: async (told, at) => {
      for (const { key: longKey, value } of told) {
        const key = cutText(longKey.trim(), MAX_KEY_LENGTH);
        if (key === "") continue;
        if (isForbiddenFact({ key, value })) continue;
        if (value === "") await memory.forget(scope, `${asker}${key}`);
        else await memory.set(scope, { key: `${asker}${key}`, value: cutText(value, MAX_VALUE_LENGTH), at });
      }
      if (told.length > 0) await forgetOldest();
    },
    forget: async (key) => {
      if (key !== undefined || asker === "")
        return await memory.forget(scope, key === undefined ? key : `${asker}${key}`);
      const own = await facts();
      await Promise.all(own.map(async (fact) => await memory.forget(scope, `${asker}${fact.key}`)));
      return own.length;
    },
  };
}
