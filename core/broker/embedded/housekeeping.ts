/** What must be done from time to time: end what dead processes held, forget what is old, mend what a clock change moved. */
import { repeat } from "../../timing/beat.ts";
import { Member, type ProcessRegister } from "../presence.ts";
import { parseStored } from "../stored-payload.ts";
import { DEDUPLICATION_MS, type Schedule } from "./accept.ts";
import { afterDeath, type Conversations } from "./conversations.ts";
import type { EmbeddedContext } from "./database.ts";
import type { Owners } from "./outboxes.ts";
import type { Signals } from "./signals.ts";

/** Makes the register. */
export function createRegister(
  { database, environment, write, writeLightly }: EmbeddedContext,
  { conversations, owners }: { readonly conversations: Conversations; readonly owners: Owners },
): ProcessRegister {
  const save = database.prepare<[string, string]>(
    "INSERT INTO processes (id, member) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET member = excluded.member",
  );
  const remove = database.prepare<[string]>("DELETE FROM processes WHERE id = ?");
  const all = database.prepare<[], string>("SELECT member FROM processes").pluck();
  return {
    announce: (member) => writeLightly(() => void save.run(member.id, JSON.stringify(member))),
    members: async () =>
      all.all().flatMap((text) => {
        const stored = parseStored(Member, text);
        return stored.ok ? [stored.value] : [];
      }),
    evict: (id) =>
      write(() => {
        const held = conversations.heldBy.all(id);
        for (const conversation of held) {
          conversations.save.run(afterDeath(conversation, environment.clock(), held.length === 1));
        }
        owners.releaseAll(id);
        remove.run(id);
      }),
    leave: (id) => writeLightly(() => void remove.run(id)),
  };
}

const SEEN_AT_ONCE = 2_000;
const LIFECYCLE_AT_ONCE = 100;
const CLOCK_TOLERANCE_MS = 60_000;

export interface Sweeper {
  readonly sweep: () => Promise<void>;
  readonly close: () => void;
}

/** Makes the sweeper; it runs by itself while the broker is open. */
export function createSweeper(
  context: EmbeddedContext,
  parts: { readonly schedule: Schedule; readonly signals: Signals },
  options: {
    readonly everyMs: number;
    readonly deadRetentionMs: number;
    readonly lifecycleRetentionMs: number;
    readonly report: (thrown: unknown) => void;
  },
): Sweeper {
  const { database, environment, writeLightly } = context;
  const heal = database.prepare<[number, number]>("UPDATE conversations SET due = ?, span = 0 WHERE due - span > ?");
  const pruneDead = database.prepare<[number]>("DELETE FROM dead WHERE at <= ?");
  const pruneLifecycle = database.prepare<[string]>(`
    DELETE FROM lifecycle WHERE n IN (SELECT n FROM lifecycle ORDER BY n LIMIT ${LIFECYCLE_AT_ONCE})
      AND json_extract(event, '$.at') < ?`);
  const pruneRemembered = database.prepare<[number]>("DELETE FROM remembered WHERE until <= ?");
  const seenPage = database
    .prepare<[string, number], string>("SELECT key FROM seen WHERE key > ? ORDER BY key LIMIT ?")
    .pluck();
  const pruneSeen = database.prepare<[string, string, number]>(
    "DELETE FROM seen WHERE key > ? AND key <= ? AND at <= ?",
  );
  let seenCursor = "";

  /** A part of the keys each time: the table has no index by time, which would cost every accept a write. */
  function pruneSeenPage(now: number): void {
    const last = seenPage.all(seenCursor, SEEN_AT_ONCE).at(-1);
    if (last !== undefined) pruneSeen.run(seenCursor, last, now - DEDUPLICATION_MS);
    seenCursor = last ?? "";
  }

  async function sweep(): Promise<void> {
    await parts.schedule.promote();
    // What a power loss undoes of it is done again.
    await writeLightly(() => {
      const now = environment.clock();
      heal.run(now, now + CLOCK_TOLERANCE_MS);
      pruneDead.run(now - options.deadRetentionMs);
      pruneLifecycle.run(new Date(now - options.lifecycleRetentionMs).toISOString());
      pruneRemembered.run(now);
      pruneSeenPage(now);
      parts.signals.prune();
    });
  }

  const close = repeat(() => void sweep().catch(options.report), options.everyMs);
  return { sweep, close };
}
