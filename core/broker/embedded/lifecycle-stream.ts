/** The lifecycle stream: a capped table with a cursor. */
import { describeError } from "../../errors.ts";
import { LifecycleEvent } from "../../lifecycle.ts";
import type { Broker } from "../broker.ts";
import { parseStored } from "../stored-payload.ts";
import type { EmbeddedContext } from "./context.ts";

const KEPT = 10_000;
const TRIM_EVERY = 500;
const PAGE = 200;

interface LifecycleRow {
  readonly n: number;
  readonly event: string;
}

/** Makes `emit` and `follow`. */
export function createLifecycleStream(context: EmbeddedContext): Pick<Broker, "emit" | "follow"> {
  const { database, telemetry, watch, writeLightly } = context;
  const insert = database.prepare<[string]>("INSERT INTO lifecycle (event) VALUES (?)");
  const trim = database.prepare<[number]>("DELETE FROM lifecycle WHERE n <= ?");
  const after = database.prepare<[number, number], LifecycleRow>(
    "SELECT n, event FROM lifecycle WHERE n > ? ORDER BY n LIMIT ?",
  );
  const last = database.prepare<[], number | null>("SELECT max(n) FROM lifecycle").pluck();

  return {
    // It tells of what is durable by itself: an fsync of its own would make everybody wait.
    emit: (event) =>
      writeLightly(() => {
        const n = Number(insert.run(JSON.stringify(event)).lastInsertRowid);
        if (n % TRIM_EVERY === 0) trim.run(n - KEPT);
      }),
    follow: async (listener, cursor) => {
      let position = cursor === undefined ? (last.get() ?? 0) : Number(cursor);
      let stopped = false;
      const tell = ({ n, event }: LifecycleRow): void => {
        const stored = parseStored(LifecycleEvent, event);
        if (!stored.ok) {
          telemetry.log.warn({ reason: stored.reason }, "A lifecycle event could not be read back; it is skipped");
          return;
        }
        try {
          listener(stored.value, String(n));
        } catch (thrown) {
          telemetry.log.error({ error: describeError(thrown) }, "A lifecycle listener threw");
        }
      };
      const catchUp = (): void => {
        for (;;) {
          const rows = after.all(position, PAGE);
          for (const row of rows) {
            if (stopped) return;
            position = row.n;
            tell(row);
          }
          if (rows.length < PAGE) return;
        }
      };
      const stopWatching = watch.onChange(catchUp);
      if (cursor !== undefined) watch.notify();
      return async () => {
        stopped = true;
        stopWatching();
        await Promise.resolve();
      };
    },
  };
}
