import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { directoryFiles } from "../../core/files/directory-files.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { temporaryFolder } from "../../test/support/bank-chat.ts";
import { testEngines } from "../../test/support/engines.ts";
import type { TestPlace } from "../../test/support/test-place.ts";
import { type Audit, createAudit } from "./index.ts";

let folder: ReturnType<typeof temporaryFolder>;
let place: TestPlace;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const path = (name: string): string => join(folder.path, name);

const checkpoints = (): readonly string[] =>
  readdirSync(folder.path).filter((name) => name.startsWith("audit.checkpoint"));

async function openAudit(clock: () => number = () => 0): Promise<{
  readonly audit: Audit;
  readonly add: (...callIds: readonly string[]) => Promise<void>;
  readonly close: () => Promise<void>;
}> {
  const databases = await place.open();
  const database = databases.open("actions.db");
  const closeDatabase = async (): Promise<void> => {
    await database.close();
    await databases.close();
  };
  const { log } = silentTelemetry;
  const audit = await createAudit(database, directoryFiles(folder.path), { clock, log }).catch(
    async (thrown: unknown) => {
      await closeDatabase();
      throw thrown;
    },
  );
  const facts = { bot: "b", person: "p", account: "console:main", userId: "u", conversation: "console:main:c" };
  return {
    audit,
    add: async (...callIds) =>
      await audit.write(function* () {
        for (const callId of callIds)
          yield* audit.append({ kind: "executed", ...facts, tool: "t", eventId: "e", callId });
      }),
    close: async () => {
      await audit.close();
      await closeDatabase();
    },
  };
}

async function write(entries: number, clock?: () => number): Promise<void> {
  const { add, close } = await openAudit(clock);
  for (let entry = 1; entry <= entries; entry += 1) await add(`call-${entry}`);
  await close();
}

/** What somebody with write access to the database can do. */
async function tamper(sql: string): Promise<void> {
  const on = place.engine === "postgres" ? " ON audit_entries" : "";
  const guards = ["audit_is_not_edited", "audit_is_not_cut"].map((name) => `DROP TRIGGER IF EXISTS ${name}${on};`);
  await place.execute("actions.db", `${guards.join(" ")} ${sql}`);
}

async function report() {
  const { audit, close } = await openAudit();
  const found = await audit.verify();
  await close();
  return found;
}

describe.each(testEngines())("the audit in $name", (engine) => {
  beforeEach(async () => {
    place = await engine.place(folder.path);
  });

  it("verifies when nobody touched it, also over restarts", async () => {
    await write(3);
    await write(2);
    expect(await report()).toEqual({ intact: true, entries: 5 });
    expect(checkpoints(), "older signatures are removed").toHaveLength(1);
  });

  it("verifies over more entries than are read at once", async () => {
    const { add, close } = await openAudit();
    await add(...Array.from({ length: 1_201 }, (_, index) => `call-${index}`));
    await close();
    expect(await report()).toEqual({ intact: true, entries: 1_201 });
    await tamper("UPDATE audit_entries SET body = '{}' WHERE sequence = 1101");
    expect(await report()).toMatchObject({ intact: false, sequence: 1101 });
  });

  it("is one chain, whoever writes to it at once", async () => {
    const hosts = await Promise.all([openAudit(), openAudit(), openAudit()]);
    await Promise.all(
      Array.from({ length: 45 }, async (_, index) => await hosts[index % hosts.length]?.add(`call-${index}`)),
    );
    await Promise.all(hosts.map(async ({ close }) => await close()));
    expect(await report()).toEqual({ intact: true, entries: 45 });
    await tamper("DELETE FROM audit_entries WHERE sequence = 45");
    expect(await report(), "the last one is signed").toMatchObject({ intact: false });
  });

  it("undoes an entry with the body that wrote it", async () => {
    const { audit, add, close } = await openAudit();
    const failing = audit.write(function* () {
      yield* audit.append({
        kind: "executed",
        bot: "b",
        person: "p",
        account: "console:main",
        userId: "u",
        conversation: "console:main:c",
        tool: "t",
        eventId: "e",
        callId: "lost",
      });
      throw new TypeError("on purpose");
    });
    await expect(failing).rejects.toThrow("on purpose");
    await add("kept");
    await close();
    expect(await report()).toEqual({ intact: true, entries: 1 });
  });

  it("deletes what is too old from the front, and still notices every change", async () => {
    const years = (count: number): number => count * 365 * 86_400_000;
    for (const year of [0, 1, 2]) await write(2, () => years(year));
    const { audit, close } = await openAudit(() => years(8));
    expect(await audit.prune(new Date(years(1.5)).toISOString())).toBe(4);
    expect(await audit.verify()).toEqual({ intact: true, entries: 2 });
    expect(await audit.prune(new Date(years(9)).toISOString()), "the newest stays").toBe(1);
    await close();
    await write(1);
    expect(await report()).toEqual({ intact: true, entries: 2 });
    await expect(place.execute("actions.db", "DELETE FROM audit_entries")).rejects.toThrow("append-only");
    await tamper("DELETE FROM audit_entries WHERE sequence = (SELECT min(sequence) FROM audit_entries)");
    expect(await report()).toMatchObject({ intact: false });
  });

  it("goes on where a process ended between signing where it begins and deleting what was before", async () => {
    await write(3);
    await place.execute("actions.db", "CREATE TABLE original AS SELECT * FROM audit_entries");
    const { audit, close } = await openAudit();
    expect(await audit.prune("2999-01-01T00:00:00.000Z")).toBe(2);
    await tamper("INSERT INTO audit_entries SELECT * FROM original WHERE sequence < 3");
    expect(await audit.verify()).toEqual({ intact: true, entries: 1 });
    expect(await audit.prune("2999-01-01T00:00:00.000Z")).toBe(2);
    await close();
    expect(await report()).toEqual({ intact: true, entries: 1 });
  });

  it("deletes nothing of a chain that was changed: it is evidence", async () => {
    await write(3);
    await tamper("UPDATE audit_entries SET body = '{}' WHERE sequence = 2");
    const { audit, close } = await openAudit(() => 1e13);
    expect(await audit.prune("2999-01-01T00:00:00.000Z")).toBe(0);
    await close();
  });

  it("refuses to edit or delete entries", async () => {
    await write(1);
    await expect(place.execute("actions.db", "UPDATE audit_entries SET body = '{}'")).rejects.toThrow("append-only");
    await expect(place.execute("actions.db", "DELETE FROM audit_entries")).rejects.toThrow("append-only");
  });

  it("shows any flipped character, dropped, inserted, swapped or cut-off entry", async () => {
    const change = fc.oneof(
      fc.record({ kind: fc.constant("flip"), at: fc.nat(), column: fc.constantFrom("body", "hash", "previous") }),
      fc.record({ kind: fc.constantFrom("drop", "duplicate", "swap"), at: fc.nat(), column: fc.constant("") }),
      fc.record({ kind: fc.constant("cut"), at: fc.nat(), column: fc.constant("") }),
    );
    const count = 6;
    await write(count);
    await place.execute("actions.db", "CREATE TABLE original AS SELECT * FROM audit_entries");
    await fc.assert(
      fc.asyncProperty(change, async ({ kind, at, column }) => {
        await tamper("DELETE FROM audit_entries; INSERT INTO audit_entries SELECT * FROM original");
        expect(await report()).toEqual({ intact: true, entries: count });
        const n = (at % count) + 1;
        const m = (n % count) + 1;
        const position = (at % 60) + 1;
        const statements: Record<string, string> = {
          flip: `UPDATE audit_entries SET ${column} = substr(${column}, 1, ${position - 1}) || '~' || substr(${column}, ${position + 1}) WHERE sequence = ${n}`,
          drop: `DELETE FROM audit_entries WHERE sequence = ${n}`,
          cut: `DELETE FROM audit_entries WHERE sequence >= ${n}`,
          duplicate: `INSERT INTO audit_entries SELECT ${count + 1}, previous, hash, body FROM audit_entries WHERE sequence = ${n}`,
          swap: `UPDATE audit_entries SET body = (SELECT body FROM audit_entries other WHERE other.sequence = CASE audit_entries.sequence WHEN ${n} THEN ${m} ELSE ${n} END) WHERE sequence IN (${n}, ${m})`,
        };
        await tamper(statements[kind] ?? "");
        expect((await report()).intact).toBe(false);
      }),
      { numRuns: 40 },
    );
  });

  it("still shows a cut after the bot went on writing", async () => {
    await write(4);
    await tamper("DELETE FROM audit_entries WHERE sequence > 2");
    await write(3);
    expect(await report()).toMatchObject({ intact: false, sequence: 4 });
  });

  it("shows that its checkpoint was forged or removed", async () => {
    await write(3);
    const [checkpoint = ""] = checkpoints();
    const signed = readFileSync(path(checkpoint), "utf8");
    writeFileSync(path(checkpoint), signed.replace('"sequence":3', '"sequence":2'));
    expect(await report()).toMatchObject({ intact: false });
    rmSync(path(checkpoint));
    expect(await report()).toMatchObject({ intact: false });
  });

  it("keeps its key to its owner, and does not begin anew when the key is gone", async () => {
    await write(1);
    for (const name of ["audit.key", ...checkpoints()]) expect(statSync(path(name)).mode & 0o777).toBe(0o600);
    chmodSync(path("audit.key"), 0o600);
    rmSync(path("audit.key"));
    await expect(openAudit()).rejects.toThrow("audit.key is missing");
  });
});
