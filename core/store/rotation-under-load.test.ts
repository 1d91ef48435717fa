/** Keys are made anew while several processes write and read: nothing is lost, and in the end nothing needs a former key. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { placeAt, type TestPlace } from "../../test/support/test-place.ts";
import { usePostgres } from "../../test/support/use-postgres.ts";
import { accountId } from "../conversation-id.ts";
import { resealColumn } from "../privacy/sealing/index.ts";
import { envelopesOf } from "../privacy/sealing/envelope.ts";
import { SETTLE_MS } from "../privacy/sealing/resealing.ts";
import { silentTelemetry } from "../silent-telemetry.ts";
import { createStore } from "./create-store.ts";
import type { Databases } from "./databases.ts";
import type { Store } from "./store.ts";
import { query, storeTables } from "./tables/schema.ts";

const PROCESSES = 3;
const WRITES = 60;
const ROTATIONS = 4;

const server = usePostgres();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-rotation-"));
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

const at = (count: number): string => new Date(Date.UTC(2026, 0, 1) + count).toISOString();
const account = accountId("web", "main");
const facts = query()("facts", z.object({ text: z.string() }), ({ db }) =>
  db.selectFrom("facts").select("value as text"),
);
const values = query()("owned_values", z.object({ text: z.string() }), ({ db }) =>
  db.selectFrom("owned_values").select("value as text"),
);

/** Writes over the same few names again and again, and reads each back. */
async function work(store: Store, who: string): Promise<void> {
  const person = await store.people.personOf(account, who);
  for (let count = 0; count < WRITES; count += 1) {
    const key = `key-${count % 7}`;
    await store.memory.set({ kind: "person", bot: "bank", person }, { key, value: `${who} ${count}`, at: at(count) });
    await store.values.set(who, key, count);
    expect(await store.values.get(who, key)).toBe(count);
    const found = await store.memory.list({ kind: "person", bot: "bank", person });
    expect(found.find((fact) => fact.key === key)?.value).toBe(`${who} ${count}`);
  }
}

async function rotate({ sealing, open }: Databases): Promise<void> {
  for (let time = 0; time < ROTATIONS; time += 1) {
    await sealing.rotate();
    await resealStore({ sealing, open }, Date.now);
  }
}

async function resealStore({ sealing, open }: Pick<Databases, "sealing" | "open">, clock: () => number) {
  const database = open(storeTables.file);
  try {
    for (const column of storeTables.sealed ?? [])
      expect(await resealColumn(database, column, { sealing, clock, step: 3 })).not.toMatchObject({ unreadable: 1 });
  } finally {
    await database.close();
  }
}

describe.each([
  { name: "SQLite", place: async (): Promise<TestPlace> => placeAt(folder) },
  { name: "PostgreSQL", place: async () => placeAt(folder, await server().createDatabase()) },
])("a rotation under load in $name", ({ place }) => {
  it("loses nothing, and leaves nothing to former keys", { timeout: 120_000 }, async () => {
    const where = await place();
    const opened: { readonly databases: Databases; readonly store: Store }[] = [];
    for (let process = 0; process < PROCESSES; process += 1) {
      const databases = await where.open();
      const { open, sealing } = databases;
      const parts = { environment: { clock: Date.now }, telemetry: silentTelemetry, sealing };
      opened.push({ databases, store: await createStore(open(storeTables.file), parts) });
    }
    const admin = await where.open();
    await admin.sealing.ready();
    await Promise.all([...opened.map(async ({ store }, index) => await work(store, `user-${index}`)), rotate(admin)]);

    // Once every process knows the newest key, what was sealed meanwhile with the one before is sealed again.
    const { active, activeSince } = admin.sealing.active();
    await resealStore(admin, () => activeSince + SETTLE_MS);
    const database = admin.open(storeTables.file);
    for (const rows of [await database.all(facts, {}), await database.all(values, {})]) {
      expect(rows).toHaveLength(PROCESSES * 7);
      expect(rows.filter(({ text }) => !text.startsWith(envelopesOf(active)))).toEqual([]);
    }
    await database.close();
    for (const [index, { store }] of opened.entries()) {
      const person = await store.people.personOf(account, `user-${index}`);
      for (const { key, value } of await store.memory.list({ kind: "person", bot: "bank", person })) {
        const last = Array.from({ length: WRITES }, (_, count) => count).findLast(
          (count) => `key-${count % 7}` === key,
        );
        expect(value).toBe(`user-${index} ${last}`);
      }
    }
    for (const { store, databases } of opened) {
      await store.close();
      await databases.close();
    }
    await admin.close();
  });
});
