import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSqlite } from "../../store/sqlite/driver.ts";
import { MailboxFullError } from "../errors.ts";
import { createWrites, openBrokerDatabase } from "./database.ts";

describe("the broker's writes", () => {
  let folder = "";
  let path = "";
  let database: Database;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "parley-commit-"));
    path = join(folder, "broker.db");
    database = openBrokerDatabase(path, "full");
  });
  afterEach(() => {
    database.close();
    rmSync(folder, { recursive: true });
  });

  const pause = (scope: string): void =>
    void database.prepare<[string]>("INSERT INTO paused (scope) VALUES (?)").run(scope);
  const paused = (from: Database = database): readonly unknown[] =>
    from.prepare("SELECT scope FROM paused ORDER BY scope").pluck().all();

  it("commits the operations of one tick together, and answers only after that", async () => {
    let commits = 0;
    const { write } = createWrites(database, () => {
      commits += 1;
    });
    const other = openSqlite(path, { readonly: true });
    const writes = ["a", "b", "c"].map((scope) => write(() => pause(scope)).then(() => paused(other)));
    expect(await Promise.all(writes)).toEqual([
      ["a", "b", "c"],
      ["a", "b", "c"],
      ["a", "b", "c"],
    ]);
    other.close();
    expect(commits).toBe(1);
  });

  it("undoes only the operation that throws", async () => {
    const { write } = createWrites(database, () => undefined);
    const results = await Promise.allSettled([
      write(() => pause("before")),
      write(() => {
        pause("undone");
        throw new MailboxFullError("x", 1);
      }),
      write(() => pause("after")),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(results[1]).toMatchObject({ reason: { code: "broker/mailbox-full" } });
    expect(paused()).toEqual(["after", "before"]);
  });

  it("waits for another process's lock without blocking the event loop", async () => {
    const { write } = createWrites(database, () => undefined);
    const other = openSqlite(path);
    other.exec("BEGIN IMMEDIATE");
    const waiting = write(() => pause("late"));
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, 5);
    await sleep(150);
    expect(paused(other)).toEqual([]);
    other.exec("COMMIT");
    other.close();
    await waiting;
    clearInterval(timer);
    expect(paused()).toEqual(["late"]);
    expect(ticks).toBeGreaterThan(1);
  });

  it("gives up behind a lock that is never released, storing nothing", async () => {
    const { write } = createWrites(database, () => undefined);
    const other = openSqlite(path);
    other.exec("BEGIN IMMEDIATE");
    await expect(write(() => pause("never"))).rejects.toMatchObject({ code: "broker/unavailable", retryable: true });
    other.exec("COMMIT");
    other.close();
    expect(paused()).toEqual([]);
  });

  it("reports a full disk as unavailable and works again when there is space", async () => {
    const { write } = createWrites(database, () => undefined);
    const pages = Number(database.pragma("page_count", { simple: true }));
    database.pragma(`max_page_count = ${pages}`);
    const big = "x".repeat(200_000);
    const results = await Promise.allSettled([write(() => pause("small")), write(() => pause(big))]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(results[0]).toMatchObject({ reason: { code: "broker/unavailable" } });
    expect(paused()).toEqual([]);
    database.pragma("max_page_count = 1000000");
    await write(() => pause("small"));
    expect(paused()).toEqual(["small"]);
  });

  it("commits what waits when it is closed, and refuses what comes later", async () => {
    const { close, write } = createWrites(database, () => undefined);
    const last = write(() => pause("last"));
    await close();
    await last;
    await expect(write(() => pause("too late"))).rejects.toMatchObject({ code: "broker/closed" });
    expect(paused()).toEqual(["last"]);
  });
});
