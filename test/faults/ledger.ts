/** What the tool of the experiments does: one booking per idempotency key, in a file of its own; and how often it ran. */
import { join } from "node:path";
import { z } from "zod";
import { openSqlite } from "../../core/store/sqlite/driver.ts";
import { useWriteAheadLog } from "../../core/store/sqlite/write-ahead-log.ts";
import { defineTool } from "../../core/define-tool.ts";
import type { Tool } from "../../core/tool.ts";
import type { Points } from "./points.ts";

const Row = z.object({ token: z.string(), key: z.string() });
const RunRow = z.object({ token: z.string(), runs: z.number() });

export interface Ledger {
  /** Books once per key; the same key again changes nothing. */
  readonly book: (key: string, token: string) => void;
  readonly effects: () => readonly z.infer<typeof Row>[];
  /** Executions per token, those without an effect included. */
  readonly runs: () => ReadonlyMap<string, number>;
  readonly close: () => void;
}

export function openLedger(directory: string): Ledger {
  const database = openSqlite(join(directory, "ledger.sqlite"), { timeout: 10_000 });
  useWriteAheadLog(database);
  database.pragma("synchronous = NORMAL");
  database.exec(`
    CREATE TABLE IF NOT EXISTS effects (key TEXT PRIMARY KEY, token TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS runs (token TEXT NOT NULL);`);
  const insert = database.prepare("INSERT INTO effects (key, token) VALUES (?, ?) ON CONFLICT (key) DO NOTHING");
  const run = database.prepare("INSERT INTO runs (token) VALUES (?)");
  const book = database.transaction((key: string, token: string) => {
    run.run(token);
    insert.run(key, token);
  });
  return {
    book: (key, token) => book.immediate(key, token),
    effects: () => z.array(Row).parse(database.prepare("SELECT token, key FROM effects").all()),
    runs: () =>
      new Map(
        z
          .array(RunRow)
          .parse(database.prepare("SELECT token, count(*) AS runs FROM runs GROUP BY token").all())
          .map(({ token, runs }) => [token, runs]),
      ),
    close: () => database.close(),
  };
}

/** A tool with an effect, as the contract wants it: idempotent by its key. */
export function bookingTool(ledger: Ledger, points: Points): Tool {
  return defineTool({
    name: "book",
    description: "Books the token.",
    input: z.strictObject({ token: z.string() }),
    risk: "medium",
    confirmation: "never",
    scopes: ["private"],
    depends: "user",
    execute: async ({ token }, { idempotencyKey }) => {
      points("tool:before-effect");
      ledger.book(idempotencyKey, token);
      points("tool:after-effect");
      return { value: { booked: token } };
    },
  });
}
