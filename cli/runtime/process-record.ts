/** What the processes of an installation run, as each writes down about itself: for `doctor` and `plan`, on any machine. */
import { hostname } from "node:os";
import { z } from "zod";
import { isGone, ProcessIdentity, processIdentity } from "../../core/broker/process-identity.ts";
import type { ConfigDescription } from "../../core/config/index.ts";
import { packageVersion } from "../../core/package-directory.ts";
import type { Databases } from "../../core/store/databases.ts";
import type { Database } from "../../core/store/sql/database.ts";
import type { Module } from "../../core/store/sql/module.ts";
import { defineQueries } from "../../core/store/sql/queries.ts";
import { Readiness } from "../../gateway/options.ts";

const APPLIED = "applied";
/** How often a process says that it lives, and how it is. */
const BEAT_MS = 30_000;
/** A process of another machine that said nothing for so long is gone. */
const SILENT_MS = 120_000;

/** Variables that win over the file; another shell need not have them. */
const WINNING = ["HOST", "PORT"] as const;

const ProcessRecord = z.object({
  process: ProcessIdentity,
  host: z.string(),
  version: z.string(),
  /** ISO 8601. */
  since: z.string(),
  roles: z.array(z.string()),
  /** Where its gateway listens; left out where it has none. */
  url: z.string().optional(),
  /** What its environment says where it wins over the file. */
  variables: z.partialRecord(z.enum(WINNING), z.string()),
  /** The configuration that it runs. */
  config: z.record(z.string(), z.unknown()),
  /** How it was when it wrote this. */
  state: Readiness,
  /** When it wrote this, ISO 8601. */
  at: z.string(),
});
export type ProcessRecord = z.infer<typeof ProcessRecord>;

/** What a process knows of itself when it starts. */
interface OwnFacts {
  readonly roles: readonly string[];
  readonly url: string | undefined;
  /** How it is now. */
  readonly state: () => Promise<Readiness>;
}

/** Keeps the record of this process up to date. */
interface OwnRecord {
  /** Written now, and again and again from then on. */
  readonly write: (config: ConfigDescription) => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** The records of all processes of an installation. */
interface ProcessRecords {
  /** The record of this process; nothing is written before `write`. `failed` hears of later writes that fail. */
  readonly own: (facts: OwnFacts, failed: (error: unknown) => void) => OwnRecord;
  /** What was applied last, whether its process lives or not; undefined where nothing was. */
  readonly lastApplied: () => Promise<ProcessRecord | undefined>;
  /** The processes that live, the latest first. What dead ones left behind is cleared away. */
  readonly living: () => Promise<readonly ProcessRecord[]>;
  readonly close: () => Promise<void>;
}

const module: Module = {
  name: "processes",
  version: 1,
  tables: ({ tables }) =>
    tables("CREATE TABLE processes (id TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT, WITHOUT ROWID;"),
};

const query = defineQueries<{ processes: { id: string; record: string } }>();
const Row = z.object({ id: z.string(), record: z.string() });
const list = query()("processes", Row, ({ db }) => db.selectFrom("processes").select(["id", "record"]));
const save = query<z.infer<typeof Row>>()("processes", z.unknown(), ({ db, value }) =>
  db
    .insertInto("processes")
    .values({ id: value("id"), record: value("record") })
    .onConflict((conflict) => conflict.column("id").doUpdateSet((row) => ({ record: row.ref("excluded.record") }))),
);
const forget = query<{ id: string }>()("processes", z.unknown(), ({ db, value }) =>
  db.deleteFrom("processes").where("id", "=", value("id")),
);

/** Opens the records. Close them. */
export async function openProcessRecords(databases: Databases): Promise<ProcessRecords> {
  const database = databases.open("processes.sqlite", { synchronous: "normal" });
  await database.migrate(module);
  return {
    own: (facts, failed) => ownRecord(database, facts, failed),
    lastApplied: async () => {
      const row = (await database.all(list, {})).find(({ id }) => id === APPLIED);
      return row === undefined ? undefined : read(row.record);
    },
    living: async () => {
      const records: ProcessRecord[] = [];
      for (const { id, record } of (await database.all(list, {})).filter((row) => row.id !== APPLIED)) {
        const known = read(record);
        if (known === undefined) continue;
        if (isGone(known.process) || isSilent(known)) await database.change(forget, { id });
        else records.push(known);
      }
      return records.toSorted((a, b) => (a.since < b.since ? 1 : -1));
    },
    close: database.close,
  };
}

function ownRecord(database: Database, { roles, url, state }: OwnFacts, failed: (error: unknown) => void): OwnRecord {
  const own = processIdentity();
  const id = `${own.machine}-${own.pid}`;
  const facts = { process: own, host: hostname(), version: packageVersion(), since: new Date().toISOString() };
  const variables = Object.fromEntries(
    WINNING.flatMap((name) => (process.env[name] ? [[name, process.env[name]] as const] : [])),
  );
  let beating: NodeJS.Timeout | undefined;
  let last = Promise.resolve();
  const note = async (config: ConfigDescription, ids: readonly string[]): Promise<void> => {
    const at = new Date().toISOString();
    const record = { ...facts, roles: [...roles], url, variables, config, state: await state(), at };
    for (const one of ids) await database.change(save, { id: one, record: JSON.stringify(record) });
  };
  return {
    write: async (config) => {
      clearInterval(beating);
      await note(config, [id, APPLIED]);
      beating = setInterval(() => {
        last = note(config, [id]).catch(failed);
      }, BEAT_MS).unref();
    },
    remove: async () => {
      clearInterval(beating);
      await last;
      await database.change(forget, { id });
    },
  };
}

/** Whether it runs on this machine, where it can be asked. */
export function isHere({ process: { machine } }: Pick<ProcessRecord, "process">): boolean {
  return machine === processIdentity().machine;
}

/** The process by its number, and its host where that is another one. */
export function nameOf(record: ProcessRecord): string {
  return isHere(record) ? `process ${record.process.pid}` : `process ${record.process.pid} on ${record.host}`;
}

/** The environment as the process has it, as far as it decides over settings. */
export function environmentOf({ variables }: ProcessRecord): NodeJS.ProcessEnv {
  const unset = Object.fromEntries(WINNING.map((name) => [name, ""]));
  return { ...process.env, ...unset, ...variables };
}

/** One of this machine that hangs is silent as well, and is no less there. */
function isSilent(record: ProcessRecord): boolean {
  return !isHere(record) && Date.now() - Date.parse(record.at) > SILENT_MS;
}

function read(record: string): ProcessRecord | undefined {
  // Another version wrote it: nothing is known then.
  return ProcessRecord.safeParse(JSON.parse(record)).data;
}
