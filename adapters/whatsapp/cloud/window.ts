/** WhatsApp's 24-hour rule: free text may be sent for a day after a person's last message, templates always. */
import { z } from "zod";
import type { AdapterContext } from "../../../adapter.ts";

const WINDOW_MS = 24 * 60 * 60_000;
/** The durable time may lag behind by this: one write serves a lively conversation for ten minutes. */
const LAG_MS = 10 * 60_000;
const REMEMBERED = 10_000;

export interface ServiceWindow {
  /** A person wrote just now. */
  readonly opened: (chat: string) => void;
  /** True when the last message is known to be too old. Unknown chats count as open: WhatsApp decides. */
  readonly isClosed: (chat: string) => Promise<boolean>;
}

const Millis = z.number().int();

/** Keeps the time of each person's last message, in memory and in the account's durable values. */
export function createServiceWindow({
  environment,
  values,
  log,
}: Pick<AdapterContext<unknown>, "environment" | "values" | "log">): ServiceWindow {
  const last = new Map<string, number>();
  const written = new Map<string, number>();
  const keyOf = (chat: string): string => `last-message:${chat}`;

  async function lastOf(chat: string): Promise<number | undefined> {
    const known = last.get(chat);
    if (known !== undefined && environment.clock() - known <= WINDOW_MS) return known;
    // Another process may have heard from this person since.
    const stored = Millis.safeParse(await values?.get(keyOf(chat)));
    return stored.success ? Math.max(stored.data, known ?? 0) : known;
  }

  return {
    opened: (chat) => {
      const now = environment.clock();
      if (last.size >= REMEMBERED) {
        last.clear();
        written.clear();
      }
      last.set(chat, now);
      if (now - (written.get(chat) ?? 0) < LAG_MS) return;
      written.set(chat, now);
      values?.set(keyOf(chat), now).catch((thrown: unknown) => {
        written.delete(chat);
        log.warn({ error: String(thrown) }, "the time of a person's last message was not stored");
      });
    },
    isClosed: async (chat) => {
      const at = await lastOf(chat);
      return at !== undefined && environment.clock() - at > WINDOW_MS;
    },
  };
}
