/** Events for later. */
import { describeError } from "../../errors.ts";
import { InboundEvent } from "../../event.ts";
import type { Broker } from "../broker.ts";
import { MailboxFullError } from "../errors.ts";
import { parseStored } from "../stored-payload.ts";
import type { EmbeddedContext } from "./context.ts";
import type { Intake } from "./intake.ts";

const AT_ONCE = 200;
/** A full mailbox gets its scheduled event a little later. */
const FULL_RETRY_MS = 5_000;
/** What a newer version scheduled waits for that version to come back. */
const UNREADABLE_RETRY_MS = 60 * 60 * 1000;

interface ScheduledRow {
  readonly id: string;
  readonly event: string;
}

export interface Schedule extends Pick<Broker, "schedule" | "unschedule"> {
  /** Accepts what is due. */
  readonly promote: () => Promise<void>;
  readonly close: () => void;
}

/** Makes the schedule; it promotes by itself while the broker is open. */
export function createSchedule(context: EmbeddedContext, intake: Intake): Schedule {
  const { database, environment, telemetry, watch, write } = context;
  const { insert, remove, due, postpone, next } = scheduleTable(database);
  let nextAt = next.get() ?? Number.POSITIVE_INFINITY;
  let promoting = false;

  function promoteOne(row: ScheduledRow): void {
    const stored = parseStored(InboundEvent, row.event);
    if (stored.ok) {
      intake.take(stored.value, 0);
      remove.run(row.id);
      return;
    }
    telemetry.log.error(
      { eventId: row.id, reason: stored.reason },
      "A scheduled event could not be read back; it is kept",
    );
    postpone.run(environment.clock() + UNREADABLE_RETRY_MS, row.id);
  }

  async function promote(): Promise<void> {
    if (promoting) return;
    promoting = true;
    try {
      for (const row of due.all(environment.clock(), AT_ONCE)) {
        try {
          await write(() => promoteOne(row));
        } catch (thrown) {
          if (!(thrown instanceof MailboxFullError)) throw thrown;
          await write(() => void postpone.run(environment.clock() + FULL_RETRY_MS, row.id));
        }
      }
    } finally {
      promoting = false;
    }
  }

  const stops = [
    watch.onChange(() => {
      nextAt = next.get() ?? Number.POSITIVE_INFINITY;
    }),
    watch.onTick(() => {
      if (environment.clock() < nextAt) return;
      promote().catch((thrown: unknown) =>
        telemetry.log.warn({ error: describeError(thrown) }, "Scheduled events could not be accepted; trying again"),
      );
    }),
  ];
  return {
    schedule: (event, at) => write(() => void insert.run(event.id, at, JSON.stringify(event))),
    unschedule: (eventId) => write(() => remove.run(eventId).changes > 0),
    promote,
    close: () => {
      for (const stop of stops) stop();
    },
  };
}

function scheduleTable(database: EmbeddedContext["database"]) {
  const insert = database.prepare<[string, number, string]>(
    "INSERT OR IGNORE INTO scheduled (id, at, event) VALUES (?, ?, ?)",
  );
  const remove = database.prepare<[string]>("DELETE FROM scheduled WHERE id = ?");
  const due = database.prepare<[number, number], ScheduledRow>(
    "SELECT id, event FROM scheduled WHERE at <= ? ORDER BY at LIMIT ?",
  );
  const postpone = database.prepare<[number, string]>("UPDATE scheduled SET at = ? WHERE id = ?");
  const next = database.prepare<[], number | null>("SELECT min(at) FROM scheduled").pluck();
  return { insert, remove, due, postpone, next };
}
