/** One SQLite file behind the interface of `sql/database.ts`. Several processes of one machine may share it. */
import type { Statement } from "better-sqlite3";
import { z } from "zod";
import type { BoundQuery, Database, Outcome, Step, Value, Work } from "../sql/database.ts";
import { dialects } from "../sql/dialect.ts";
import { type Module, nextStep } from "../sql/module.ts";
import { createConnection, type Connection } from "./connection.ts";
import { type DatabaseOptions, openDatabase } from "./database.ts";
import { emptyLog } from "./deleted-content.ts";
import { checkDatabase } from "./health.ts";

/** Opens or makes the file. Throws `store/database` with the path and the fix. */
export function openSqliteDatabase(path: string, options: DatabaseOptions = {}): Database {
  const connection = createConnection(openDatabase(path, options));
  const { database, read, write } = connection;
  const one = createExecute(connection);
  return {
    engine: "sqlite",
    place: path,
    migrate: async (module) => migrate(connection, module),
    all: async (query, values) => {
      return await read(() => one(query.bind("sqlite", values)).rows.map((row) => query.read(row)));
    },
    first: async (query, values) =>
      await read(() => {
        const { rows } = one(query.bind("sqlite", values));
        return rows.length === 0 ? undefined : query.read(rows[0]);
      }),
    change: async (query, values) => {
      const bound = query.bind("sqlite", values);
      return await write(() => one(bound).changes);
    },
    read: async (work) => await read(() => perform(work(), one)),
    write: async (work) => await write(() => perform(work(), one)),
    scrub: async () => await read(() => void emptyLog(database)),
    check: async () => await checkDatabase(connection),
    close: connection.close,
  };
}

/** Runs a body to its end. A step that failed fails the whole, even if the body catches it, as on every engine. */
function perform<T>(work: Work<T>, execute: (bound: BoundQuery) => Outcome): T {
  let failure: { readonly thrown: unknown } | undefined;
  const step = ({ bind }: Step): IteratorResult<Step, T> => {
    let outcome: Outcome;
    try {
      outcome = execute(bind("sqlite"));
    } catch (thrown) {
      failure ??= { thrown };
      return work.throw(thrown);
    }
    return work.next(outcome);
  };
  let result = work.next();
  while (result.done !== true) result = step(result.value);
  if (failure !== undefined) throw failure.thrown;
  return result.value;
}

const NO_ROWS: readonly unknown[] = [];

/** Statements are prepared at their first use and kept, with what the driver would have to be asked each time. */
function createExecute({ database }: Connection): (bound: BoundQuery) => Outcome {
  const prepared = new Map<string, (values: readonly Value[]) => Outcome>();
  const prepare = (sql: string): ((values: readonly Value[]) => Outcome) => {
    const statement: Statement<[readonly Value[]]> = database.prepare(sql);
    if (!statement.reader) return (values) => ({ rows: NO_ROWS, changes: statement.run(values).changes });
    const writes = !statement.readonly;
    return (values) => {
      const rows = statement.all(values);
      return { rows, changes: writes ? rows.length : 0 };
    };
  };
  return ({ sql, values }) => {
    let execute = prepared.get(sql);
    if (execute === undefined) {
      execute = prepare(sql);
      prepared.set(sql, execute);
    }
    return execute(values);
  };
}

const VersionRow = z.object({ version: z.number().int() }).default({ version: 0 });

/** Each step in a transaction of its own; safe when several processes start at once. */
function migrate({ database }: Connection, module: Module): void {
  database.exec(
    "CREATE TABLE IF NOT EXISTS schema_versions (module TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT",
  );
  const select = database.prepare("SELECT version FROM schema_versions WHERE module = ?");
  const record = database.prepare(
    "INSERT INTO schema_versions (module, version) VALUES (?, ?) ON CONFLICT (module) DO UPDATE SET version = excluded.version",
  );
  const versionOf = (name: string): number => VersionRow.parse(select.get(name)).version;
  const next = () =>
    nextStep(module, versionOf(module.name), { dialect: dialects.sqlite, place: database.name, versionOf });
  const advance = database.transaction((): void => {
    // Another process may have made this step since.
    const step = next();
    if (step === undefined) return;
    database.exec(step.sql);
    record.run(module.name, step.to);
  });
  while (next() !== undefined) advance.immediate();
}
