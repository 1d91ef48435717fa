/**
 * `npm run bench -- storage [--messages 10000,100000] [--engine sqlite|postgres|both] [--at 1000000]`: what a plain message takes at rest,
 * by table, before and after the retention job, and how many statements it costs. Each message is written as a turn and its
 * delivery write it. `--at 1000000` takes a PostgreSQL that holds so many messages instead: how long the store's part of a
 * turn takes there, and whether each query is answered by an index.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { accountId, conversationId } from "../../core/conversation-id.ts";
import { RetentionPolicy } from "../../core/retention.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { testSealing } from "../../test/support/test-sealing.ts";
import { createStore } from "../../core/store/create-store.ts";
import { openPostgresDatabase } from "../../core/store/postgres/postgres-database.ts";
import type { Database } from "../../core/store/sql/database.ts";
import { openSqliteDatabase } from "../../core/store/sqlite/sqlite-database.ts";
import type { Store } from "../../core/store/store.ts";
import { startPostgres } from "../../test/support/postgres-server.ts";
import { writeMessage } from "./message.ts";
import { runAtSize } from "./at-size.ts";
import { measurePostgres, measureSqlite, type Sizes } from "./sizes.ts";
import { watchStatements } from "./watch-statements.ts";

const PEOPLE = 100;
const DAYS = 120;

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      messages: { type: "string", default: "10000,100000" },
      engine: { type: "string", default: "sqlite" },
      at: { type: "string" },
    },
  });
  if (values.at !== undefined) return await runAtSize(Number(values.at));
  for (const count of values.messages.split(",").map(Number)) {
    if (values.engine !== "postgres") await onSqlite(count);
    if (values.engine !== "sqlite") await onPostgres(count);
  }
}

async function onSqlite(count: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "parley-storage-"));
  const path = join(folder, "store.sqlite");
  try {
    await measure(count, openSqliteDatabase(path, { synchronous: "normal" }), async () => measureSqlite(path));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function onPostgres(count: number): Promise<void> {
  const server = await startPostgres();
  try {
    const url = await server.createDatabase();
    await measure(count, openPostgresDatabase({ url }), async () => await measurePostgres(url));
  } finally {
    await server.stop();
    server.remove();
  }
}

async function measure(count: number, database: Database, sizes: () => Promise<Sizes>): Promise<void> {
  let statements = 0;
  const counted = watchStatements(database, () => {
    statements += 1;
  });
  const sealing = testSealing(counted);
  const store = await createStore(counted, { environment: { clock: Date.now }, telemetry: silentTelemetry, sealing });
  try {
    const begun = performance.now();
    await fill(store, count);
    const micros = ((performance.now() - begun) * 1000) / count;
    const perMessage = (statements / count).toFixed(1);
    console.log(`\n${database.engine}: ${perMessage} statements and ${micros.toFixed(0)} µs a message`);
    report(`${count} messages over ${DAYS} days`, await sizes(), count);
    const startedAt = performance.now();
    const pruned = await store.prune(RetentionPolicy.parse({}), Date.now());
    console.log(`retention job: ${Math.round(performance.now() - startedAt)} ms, deleted ${JSON.stringify(pruned)}`);
    report("after the retention job (history 90 days, traces and deliveries 30)", await sizes(), count);
  } finally {
    await store.close();
  }
}

/** The messages of many people, evenly over the days before now. */
async function fill(store: Store, count: number): Promise<void> {
  const account = accountId("web", "main");
  const chats = Array.from({ length: PEOPLE }, (_, index) =>
    conversationId({ platform: "web", account: "main", chat: `person-${index}` }),
  );
  const first = Date.now() - DAYS * 86_400_000;
  const step = (DAYS * 86_400_000) / count;
  const BATCH = 500;
  for (let start = 0; start < count; start += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, count - start) }, (_, index) => start + index);
    await Promise.all(
      batch.map(async (index) => {
        const conversation = chats[index % PEOPLE] ?? chats[0];
        if (conversation === undefined) return;
        await writeMessage(store, { account, conversation, index, at: first + index * step });
      }),
    );
  }
}

function report(title: string, { tables, fileBytes }: Sizes, count: number): void {
  const a = (sum: number): string => (sum / count).toFixed(0).padStart(6);
  const entries = tables.reduce((sum, table) => sum + table.entries, 0) / count;
  const bytes = tables.reduce((sum, table) => sum + table.bytes, 0);
  console.log(
    `${title}, a message: ${a(bytes).trim()} bytes in ${entries.toFixed(1)} entries of tables and indexes; ` +
      `${a(fileBytes).trim()} bytes on disk`,
  );
  for (const table of tables.filter((one) => one.bytes / count >= 1)) {
    console.log(
      `  ${table.name.padEnd(20)} ${a(table.bytes)} bytes ${(table.entries / count).toFixed(1).padStart(5)} entries`,
    );
  }
}
