/** Text files that people sent, for tools that answer questions about them without their being sent again. */
import { z } from "zod";
import type { Broker } from "../broker/broker.ts";
import type { ConversationId } from "../conversation-id.ts";
import { filesOf, type InboundEvent } from "../event.ts";
import type { TextFile } from "../tool.ts";
import { attachmentKey } from "./attachments.ts";
import { readText } from "./read-text.ts";
import type { Spool } from "./spool.ts";

/** How long questions about files find them. */
const FOUND_MS = 24 * 60 * 60_000;
/** Of one conversation, whoever sent them; the oldest go first. */
const MOST_FILES = 100;
/** A whole table, as far as the spool reads text at all. */
const MOST_CHARACTERS = 1024 * 1024;

const Noted = z.array(z.object({ user: z.string(), name: z.string(), key: z.string() }));
type Noted = z.infer<typeof Noted>;

/** One place for a whole conversation, so that forgetting it needs no list of who sent files there. */
const placeOf = (conversation: ConversationId): string => `files:${conversation}`;

/** The text files of a turn's person, for tools: those of these events, else the last ones that they sent here. */
export function textFilesOf(broker: Pick<Broker, "remember" | "recall">, spool: Pick<Spool, "facts" | "open">) {
  return async (events: readonly InboundEvent[]): Promise<readonly TextFile[]> => {
    const [event] = events;
    if (event === undefined) return [];
    const place = placeOf(event.conversation);
    const noted = Noted.parse(JSON.parse((await broker.recall(place)) ?? "[]"));
    const sent = (await Promise.all(events.map(async (one) => await keptFiles(one, broker)))).flat();
    if (sent.length > 0) {
      const senders = new Set(sent.map(({ user }) => user));
      const files = [...noted.filter(({ user }) => !senders.has(user)), ...sent].slice(-MOST_FILES);
      await broker.remember(place, JSON.stringify(files), FOUND_MS);
    }
    const known = sent.length > 0 ? sent : noted.filter(({ user }) => user === event.user.id);
    return known.map(({ name, key }) => ({
      name,
      read: async () => await readText(spool, key, name, MOST_CHARACTERS),
    }));
  };
}

/** Forgets which files were sent in a conversation; their names are a person's own words. */
export async function forgetTextFiles(broker: Pick<Broker, "remember">, conversation: ConversationId): Promise<void> {
  await broker.remember(placeOf(conversation), "[]", FOUND_MS);
}

async function keptFiles(event: InboundEvent, broker: Pick<Broker, "recall">): Promise<Noted> {
  const found = await Promise.all(
    filesOf(event).map(async (file) => {
      const key = file.spoolKey ?? (await broker.recall(attachmentKey(event, file)));
      return key === undefined ? [] : [{ user: event.user.id, name: file.name ?? file.kind, key }];
    }),
  );
  return found.flat();
}
