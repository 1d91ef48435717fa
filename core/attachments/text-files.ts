import { z } from "zod";
import { attachmentKey, readText, type Spool } from "../../core/attachments/index.ts";
import type { Broker } from "../../core/broker/broker.ts";
import { filesOf, type InboundEvent } from "../../core/event.ts";
import type { TextFile } from "../../core/tool.ts";

/** How long questions about files find them without their being sent again. */
const FOUND_MS = 24 * 60 * 60_000;
/** A whole table, as far as the spool reads text at all. */
const MOST_CHARACTERS = 1024 * 1024;

const Noted = z.array(z.object({ name: z.string(), key: z.string() }));

/** The text files of a turn's person, for tools: those of these events, else the last ones that they sent here. */
export function textFilesOf(broker: Pick<Broker, "remember" | "recall">, spool: Pick<Spool, "facts" | "open">) {
  return async (events: readonly InboundEvent[]): Promise<readonly TextFile[]> => {
    const [event] = events;
    if (event === undefined) return [];
    const place = `files:${event.conversation}:${event.user.id}`;
    const sent = (await Promise.all(events.map(async (one) => await keptFiles(one, broker)))).flat();
    if (sent.length > 0) await broker.remember(place, JSON.stringify(sent), FOUND_MS);
    const known = sent.length > 0 ? sent : Noted.parse(JSON.parse((await broker.recall(place)) ?? "[]"));
    return known.map(({ name, key }) => ({
      name,
      read: async () => await readText(spool, key, name, MOST_CHARACTERS),
    }));
  };
}

async function keptFiles(event: InboundEvent, broker: Pick<Broker, "recall">): Promise<z.infer<typeof Noted>> {
  const found = await Promise.all(
    filesOf(event).map(async (file) => {
      const key = file.spoolKey ?? (await broker.recall(attachmentKey(event, file)));
      return key === undefined ? [] : [{ name: file.name ?? file.kind, key }];
    }),
  );
  return found.flat();
}
