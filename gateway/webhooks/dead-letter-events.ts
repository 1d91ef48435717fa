/** Dead letters, as they lie in the queue: they were written there before their messages were removed. */
import { z } from "zod";
import type { DeadLetter, DeadLetters } from "../../core/broker/broker.ts";
import type { Clock } from "../../core/environment.ts";
import type { Watch, WatchParts } from "./keep-watch.ts";

/** The newest that was told. */
const Told = z.object({ at: z.iso.datetime(), id: z.string() });
const PAGE = 100;

interface DeadLetterParts {
  readonly letters: Pick<DeadLetters, "list">;
  readonly clock: Clock;
  readonly tell: WatchParts["tell"];
}

/** Tells of each once: those of the time that was told last come again, and count once. */
export function deadLetterWatch({ letters, clock, tell }: DeadLetterParts): Watch {
  return {
    name: "dead-letters",
    look: async (known) => {
      const told = Told.safeParse(known);
      if (!told.success) return { at: new Date(clock()).toISOString(), id: "" };
      const [newest] = await letters.list({ limit: 1 });
      if (newest === undefined || newest.id === told.data.id || newest.at < told.data.at) return undefined;
      for (const { id, event, conversation, attempts, at } of (await listSince(letters, told.data.at)).toReversed())
        await tell({
          source: id,
          bot: event.bot,
          at,
          type: "dead_letter.created",
          data: { conversation, eventId: event.id, attempts },
        });
      return { at: newest.at, id: newest.id };
    },
  };
}

/** Newest first, the time itself included. */
async function listSince(letters: Pick<DeadLetters, "list">, since: string): Promise<readonly DeadLetter[]> {
  const found: DeadLetter[] = [];
  for (;;) {
    const before = found.at(-1)?.id;
    const page = await letters.list({ limit: PAGE, ...(before !== undefined && { before }) });
    const young = page.filter(({ at }) => at >= since);
    found.push(...young);
    if (young.length < PAGE) return found;
  }
}
