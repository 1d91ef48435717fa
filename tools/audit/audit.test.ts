import { chmodSync, copyFileSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSqlite } from "../../core/store/sqlite/driver.ts";
import { openDatabase } from "../../core/store/sqlite/database.ts";
import { temporaryFolder } from "../../test/support/bank-chat.ts";
import { type Audit, createAudit } from "./index.ts";

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const path = (name: string): string => join(folder.path, name);

function openAudit(clock: () => number = () => 0): {
  readonly audit: Audit;
  readonly add: (callId: string) => void;
  readonly close: () => void;
} {
  const database = openDatabase(path("actions.db"));
  const audit = createAudit(database, folder.path, clock);
  const facts = { bot: "b", person: "p", account: "console:main", userId: "u", conversation: "console:main:c" };
  const append = database.transaction((callId: string) =>
    audit.append({ kind: "executed", ...facts, tool: "t", eventId: "e", callId }),
  );
  return {
    audit,
    add: (callId) => append.immediate(callId),
    close: () => {
      audit.close();
      database.close();
    },
  };
}

function write(entries: number, clock?: () => number): void {
  const { add, close } = openAudit(clock);
  for (let entry = 1; entry <= entries; entry += 1) add(`call-${entry}`);
  close();
}

/** What somebody with write access to the file can do. */
function tamper(sql: string): void {
  const database = openSqlite(path("actions.db"));
  database.exec(`DROP TRIGGER IF EXISTS audit_is_not_edited; DROP TRIGGER IF EXISTS audit_is_not_cut; ${sql}`);
  database.close();
}

function report() {
  const { audit, close } = openAudit();
  const found = audit.verify();
  close();
  return found;
}

describe("the audit", () => {
  it("verifies when nobody touched it, also over restarts", () => {
    write(3);
    write(2);
    expect(report()).toEqual({ intact: true, entries: 5 });
  });

  it("deletes what is too old from the front, and still notices every change", () => {
    const years = (count: number): number => count * 365 * 86_400_000;
    for (const year of [0, 1, 2]) write(2, () => years(year));
    const { audit, close } = openAudit(() => years(8));
    expect(audit.prune(new Date(years(1.5)).toISOString())).toBe(4);
    expect(audit.verify()).toEqual({ intact: true, entries: 2 });
    expect(audit.prune(new Date(years(9)).toISOString()), "the newest stays").toBe(1);
    close();
    write(1);
    expect(report()).toEqual({ intact: true, entries: 2 });
    tamper("DELETE FROM audit_entries WHERE sequence = (SELECT min(sequence) FROM audit_entries)");
    expect(report()).toMatchObject({ intact: false });
  });

  it("deletes nothing of a chain that was changed: it is evidence", () => {
    write(3);
    tamper("UPDATE audit_entries SET body = '{}' WHERE sequence = 2");
    const { audit, close } = openAudit(() => 1e13);
    expect(audit.prune("2999-01-01T00:00:00.000Z")).toBe(0);
    close();
  });

  it("refuses to edit or delete entries", () => {
    write(1);
    const database = openSqlite(path("actions.db"));
    expect(() => database.exec("UPDATE audit_entries SET body = '{}'")).toThrow("append-only");
    expect(() => database.exec("DELETE FROM audit_entries")).toThrow("append-only");
    database.close();
  });

  it("shows any flipped character, dropped, inserted, swapped or cut-off entry", () => {
    const change = fc.oneof(
      fc.record({ kind: fc.constant("flip"), at: fc.nat(), column: fc.constantFrom("body", "hash", "previous") }),
      fc.record({ kind: fc.constantFrom("drop", "duplicate", "swap"), at: fc.nat(), column: fc.constant("") }),
      fc.record({ kind: fc.constant("cut"), at: fc.nat(), column: fc.constant("") }),
    );
    const count = 6;
    write(count);
    copyFileSync(path("actions.db"), path("original.db"));
    fc.assert(
      fc.property(change, ({ kind, at, column }) => {
        for (const suffix of ["-wal", "-shm"]) rmSync(path(`actions.db${suffix}`), { force: true });
        copyFileSync(path("original.db"), path("actions.db"));
        const n = (at % count) + 1;
        const m = (n % count) + 1;
        const place = (at % 60) + 1;
        const statements: Record<string, string> = {
          flip: `UPDATE audit_entries SET ${column} = substr(${column}, 1, ${place - 1}) || '~' || substr(${column}, ${place + 1}) WHERE sequence = ${n}`,
          drop: `DELETE FROM audit_entries WHERE sequence = ${n}`,
          cut: `DELETE FROM audit_entries WHERE sequence >= ${n}`,
          duplicate: `INSERT INTO audit_entries SELECT ${count + 1}, previous, hash, body FROM audit_entries WHERE sequence = ${n}`,
          swap: `UPDATE audit_entries SET body = (SELECT body FROM audit_entries other WHERE other.sequence = CASE audit_entries.sequence WHEN ${n} THEN ${m} ELSE ${n} END) WHERE sequence IN (${n}, ${m})`,
        };
        tamper(statements[kind] ?? "");
        expect(report().intact).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it("still shows a cut after the bot went on writing", () => {
    write(4);
    tamper("DELETE FROM audit_entries WHERE sequence > 2");
    write(3);
    expect(report()).toMatchObject({ intact: false, sequence: 4 });
  });

  it("shows that its checkpoint was forged or removed", () => {
    write(3);
    const signed = readFileSync(path("audit.checkpoint"), "utf8");
    writeFileSync(path("audit.checkpoint"), signed.replace('"sequence":3', '"sequence":2'));
    expect(report()).toMatchObject({ intact: false });
    rmSync(path("audit.checkpoint"));
    expect(report()).toMatchObject({ intact: false });
  });

  it("keeps its key to its owner, and does not begin anew when the key is gone", () => {
    write(1);
    expect(statSync(path("audit.key")).mode & 0o777).toBe(0o600);
    chmodSync(path("audit.key"), 0o600);
    rmSync(path("audit.key"));
    expect(() => openAudit()).toThrow("audit.key is missing");
  });
});
