/**
 * Groups that became supergroups: Telegram gives them another id, and everything that is kept of the group stays under
 * the one it had first.
 */
import type { Message } from "grammy/types";
import { z } from "zod";
import type { AdapterContext, Normalized } from "../../adapter.ts";

export interface Moves {
  /** The chat is called `now` from now on. Durable when it resolves. */
  readonly note: (before: string, now: string) => Promise<void>;
  /** Notes what a message tells: in the chat that ends, and once more in the one that goes on. */
  readonly read: (message: Message) => Promise<void>;
  /** The event, its chat kept under the id that it had first. */
  readonly applied: (normalized: Normalized) => Promise<Normalized>;
}

/** Keeps them in the account's durable values. */
export function createMoves({ values }: Pick<AdapterContext<unknown>, "values">): Moves {
  const known = new Map<string, string>();
  const firstIdOf = async (chat: string): Promise<string | undefined> =>
    known.get(chat) ?? z.string().safeParse(await values?.get(`moved:${chat}`)).data;
  const note: Moves["note"] = async (before, now) => {
    const first = (await firstIdOf(before)) ?? before;
    await values?.set(`moved:${now}`, first);
    known.set(now, first);
  };
  return {
    note,
    read: async ({ chat, migrate_to_chat_id: next, migrate_from_chat_id: before }) => {
      if (next !== undefined) await note(String(chat.id), String(next));
      if (before !== undefined) await note(String(before), String(chat.id));
    },
    applied: async (normalized) => {
      if (!("event" in normalized)) {
        const { chat } = normalized;
        const first = chat === undefined ? undefined : await firstIdOf(chat);
        return first === undefined ? normalized : { ...normalized, chat: first };
      }
      const { event } = normalized;
      const first = event.chat.type === "group" ? await firstIdOf(event.chat.id) : undefined;
      return first === undefined ? normalized : { event: { ...event, chat: { ...event.chat, keptAs: first } } };
    },
  };
}
