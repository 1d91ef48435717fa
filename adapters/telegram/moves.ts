/**
 * Groups that became supergroups: Telegram gives them another id, and everything that is kept of the group stays under
 * the one it had first.
 */
import { z } from "zod";
import type { AdapterContext, Normalized } from "../../adapter.ts";

export interface Moves {
  /** The chat is called `now` from now on. Durable when it resolves. */
  readonly note: (before: string, now: string) => Promise<void>;
  /** The event, its chat kept under the id that it had first. */
  readonly applied: (normalized: Normalized) => Promise<Normalized>;
}

const Id = z.number().int().transform(String);
/** Told twice: in the chat that ends, and in the one that goes on. */
const Moved = z.object({
  message: z.object({
    chat: z.object({ id: Id }),
    migrate_to_chat_id: Id.optional(),
    migrate_from_chat_id: Id.optional(),
  }),
});

/** Reads a service message that says so. */
export function moveIn(update: unknown): { readonly before: string; readonly now: string } | undefined {
  const { message } = Moved.safeParse(update).data ?? {};
  if (message?.migrate_to_chat_id !== undefined) return { before: message.chat.id, now: message.migrate_to_chat_id };
  if (message?.migrate_from_chat_id !== undefined)
    return { before: message.migrate_from_chat_id, now: message.chat.id };
  return undefined;
}

/** Keeps them in the account's durable values. */
export function createMoves({ values }: Pick<AdapterContext<unknown>, "values">): Moves {
  const known = new Map<string, string>();
  const firstIdOf = async (chat: string): Promise<string | undefined> =>
    known.get(chat) ?? z.string().safeParse(await values?.get(`moved:${chat}`)).data;
  return {
    note: async (before, now) => {
      const first = (await firstIdOf(before)) ?? before;
      await values?.set(`moved:${now}`, first);
      known.set(now, first);
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
