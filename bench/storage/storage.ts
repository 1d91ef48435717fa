/**
 * `npm run bench -- storage [--messages 10000,100000]`: what a plain message takes at rest, by table, before and after
 * the retention job. The messages go through the product's own turn, an embedded broker and a delivery record each.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { openDatabase } from "../../core/store/sqlite/database.ts";
import { RetentionPolicy } from "../../core/retention.ts";
import { createSqliteStore } from "../../core/store/sqlite/index.ts";
import type { Store } from "../../core/store/store.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { accountId, conversationId } from "../../core/conversation-id.ts";
import { writeMessage } from "./message.ts";

const PEOPLE = 100;
const DAYS = 120;

const Size = z.object({ name: z.string(), bytes: z.number(), rows: z.number() });

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { messages: { type: "string", default: "10000,100000" } } });
  for (const count of values.messages.split(",").map(Number)) await measure(count);
}

async function measure(count: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "parley-storage-"));
  const path = join(folder, "store.sqlite");
  const environment = { clock: Date.now, random: Math.random, newId: () => "unused" };
  const store = await createSqliteStore({ path, environment, telemetry: silentTelemetry, synchronous: "normal" });
  try {
    await fill(store, count);
    report(`${count} messages over ${DAYS} days`, path, count);
    const now = Date.now();
    const startedAt = performance.now();
    const pruned = await store.prune(RetentionPolicy.parse({}), now);
    console.log(`retention job: ${Math.round(performance.now() - startedAt)} ms, deleted ${JSON.stringify(pruned)}`);
    report("after the retention job (history 90 days, traces and deliveries 30)", path, count);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
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

/** Bytes of each table with its indexes, from SQLite's own page statistics. */
function report(title: string, path: string, count: number): void {
  const database = openDatabase(path);
  database.pragma("wal_checkpoint(TRUNCATE)");
  const tables = database
    .prepare(`
      SELECT owner.tbl_name AS name, sum(stat.pgsize - stat.unused) AS bytes,
        sum(CASE WHEN owner.type = 'table' THEN stat.ncell ELSE 0 END) AS rows
      FROM dbstat stat JOIN sqlite_schema owner ON owner.name = stat.name
      WHERE owner.tbl_name NOT LIKE 'sqlite_%' GROUP BY owner.tbl_name ORDER BY bytes DESC`)
    .all()
    .map((row) => Size.parse(row));
  database.close();
  const total = tables.reduce((sum, { bytes }) => sum + bytes, 0);
  console.log(`\n${title}: ${(total / count).toFixed(0)} bytes a message`);
  for (const { name, bytes } of tables.filter((table) => table.bytes / count >= 1)) {
    console.log(`  ${name.padEnd(20)} ${(bytes / count).toFixed(0).padStart(6)} bytes a message`);
  }
}
