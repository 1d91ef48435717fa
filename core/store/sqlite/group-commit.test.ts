import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Database } from "better-sqlite3";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "./database.ts";
import { createGroupCommit } from "./group-commit.ts";

describe("group commit", () => {
  let folder = "";
  let path = "";
  let database: Database;
  let other: Database;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "parley-group-"));
    path = join(folder, "a.sqlite");
    database = openDatabase(path, { busyTimeoutMs: 50 });
    database.exec("CREATE TABLE numbers (value INTEGER PRIMARY KEY) STRICT");
    other = openDatabase(path);
  });
  afterEach(() => {
    database.close();
    other.close();
    rmSync(folder, { recursive: true });
  });

  const insert = (value: number) => () => database.prepare("INSERT INTO numbers VALUES (?)").run(value).changes;
  /** As another process sees it: committed rows only. */
  const committed = (): unknown[] => other.prepare("SELECT value FROM numbers ORDER BY value").pluck().all();

  it("commits all writes of one tick in one transaction, and resolves after it", async () => {
    const commits = createGroupCommit(database);
    const seen: number[] = [];
    const writes = [1, 2, 3].map(
      async (value) =>
        await commits.write(() => {
          insert(value)();
          seen.push(committed().length);
        }),
    );
    expect(committed()).toEqual([]);
    await Promise.all(writes);
    expect(seen).toEqual([0, 0, 0]);
    expect(committed()).toEqual([1, 2, 3]);
  });

  it("undoes exactly the writes that throw, whichever they are", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 20 }), async (throws) => {
        database.exec("DELETE FROM numbers");
        const commits = createGroupCommit(database);
        const outcomes = await Promise.allSettled(
          throws.map(
            async (fails, value) =>
              await commits.write(() => {
                insert(value)();
                if (fails) throw new RangeError(`no ${value}`);
                return value;
              }),
          ),
        );
        const kept = throws.flatMap((fails, value) => (fails ? [] : [value]));
        expect(committed()).toEqual(kept);
        expect(outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []))).toEqual(kept);
      }),
      { numRuns: 25 },
    );
  });

  it("rejects with what the operation threw", async () => {
    const commits = createGroupCommit(database);
    await commits.write(insert(1));
    await expect(commits.write(insert(1))).rejects.toMatchObject({ code: "SQLITE_CONSTRAINT_PRIMARYKEY" });
  });

  it("rejects every write by name, retryably, when another process holds the file too long", async () => {
    const commits = createGroupCommit(database);
    other.exec("BEGIN IMMEDIATE");
    const outcomes = await Promise.allSettled([commits.write(insert(1)), commits.write(insert(2))]);
    other.exec("ROLLBACK");
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "store/database", retryable: true } });
    }
    expect(committed()).toEqual([]);
    expect(await commits.write(insert(3))).toBe(1);
  });

  it("tells everybody when SQLite rolls the shared transaction back by itself", async () => {
    const commits = createGroupCommit(database);
    const outcomes = await Promise.allSettled([
      commits.write(insert(1)),
      commits.write(() => database.exec("ROLLBACK")),
      commits.write(insert(2)),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(committed()).toEqual([]);
    expect(await commits.write(insert(3))).toBe(1);
  });

  it("flushes at once, and on close commits what waits and refuses what comes", async () => {
    const commits = createGroupCommit(database);
    const first = commits.write(insert(1));
    await commits.flush();
    expect(committed()).toEqual([1]);
    const second = commits.write(insert(2));
    await commits.close();
    await Promise.all([first, second, commits.close()]);
    expect(committed()).toEqual([1, 2]);
    await expect(commits.write(insert(3))).rejects.toMatchObject({ code: "store/closed" });
  });
});
