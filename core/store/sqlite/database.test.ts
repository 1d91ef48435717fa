import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSqliteStore } from "../../../test/support/sqlite-store.ts";
import { migrate, openDatabase } from "./database.ts";

describe("SQLite files", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "parley-database-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const first = { version: 1, sql: "CREATE TABLE a (x TEXT) STRICT" };
  const second = { version: 2, sql: "ALTER TABLE a ADD COLUMN y TEXT; INSERT INTO a VALUES ('x', 'y')" };

  it("opens in WAL mode with full durability, for its owner only, making folders", () => {
    const path = join(folder, "deep", "er", "a.sqlite");
    const database = openDatabase(path);
    migrate(database, "a", [first]);
    expect(database.pragma("journal_mode", { simple: true })).toBe("wal");
    expect(database.pragma("synchronous", { simple: true })).toBe(2);
    expect(database.pragma("foreign_keys", { simple: true })).toBe(1);
    for (const file of [path, `${path}-wal`, `${path}-shm`]) expect(statSync(file).mode & 0o077).toBe(0);
    database.close();
  });

  it("applies each step once, for each module on its own", () => {
    const path = join(folder, "a.sqlite");
    const database = openDatabase(path, { synchronous: "normal" });
    migrate(database, "a", [first]);
    migrate(database, "b", [{ version: 1, sql: "CREATE TABLE b (x TEXT) STRICT" }]);
    migrate(database, "a", [first, second]);
    migrate(database, "a", [first, second]);
    expect(database.prepare("SELECT x, y FROM a").all()).toEqual([{ x: "x", y: "y" }]);
    database.close();
  });

  it("leaves nothing of a step that fails", () => {
    const database = openDatabase(join(folder, "a.sqlite"));
    const broken = { version: 2, sql: "CREATE TABLE half (x TEXT) STRICT; CREATE TABLE a (x TEXT) STRICT" };
    expect(() => migrate(database, "a", [first, broken])).toThrow(/already exists/);
    migrate(database, "a", [first, second]);
    expect(database.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'half'").pluck().get()).toBe(0);
    expect(() => migrate(database, "a", [second])).toThrow(/numbered/);
    database.close();
  });

  it("refuses tables of a newer version, and says what to do", () => {
    const database = openDatabase(join(folder, "a.sqlite"));
    migrate(database, "a", [first, second]);
    expect(() => migrate(database, "a", [first])).toThrow(
      expect.objectContaining({ code: "store/newer-database", message: expect.stringMatching(/version 2.*Install/s) }),
    );
    database.close();
  });

  it("names the path and the fix when a file cannot be opened", () => {
    const text = join(folder, "notes.txt");
    writeFileSync(text, "not a database, but long enough to be read as a header of one".repeat(20));
    const directory = join(folder, "directory");
    mkdirSync(directory);
    for (const path of [text, directory]) {
      expect(() => openDatabase(path)).toThrow(
        expect.objectContaining({ code: "store/database", message: expect.stringContaining(path) }),
      );
    }
  });

  it("lets many processes start at once on a fresh file", async () => {
    const files = Array.from({ length: 15 }, (_, index) => join(folder, `${index}.sqlite`));
    const program = `
      import { openDatabase, migrate } from ${JSON.stringify(new URL("./database.ts", import.meta.url).href)};
      process.stdout.write("ready");
      process.stdin.once("data", (start) => {
        for (const [index, file] of ${JSON.stringify(files)}.entries()) {
          while (Date.now() < Number(start) + index * 30);
          migrate(openDatabase(file), "a", ${JSON.stringify([first, second])});
        }
        process.exit();
      });`;
    const children = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], {
        stdio: ["pipe", "pipe", "inherit"],
      }),
    );
    const exits = children.map(async (child) => (await once(child, "exit"))[0]);
    await Promise.all(children.map(async ({ stdout }) => await once(stdout, "data")));
    const start = Date.now() + 50;
    for (const { stdin } of children) stdin.write(`${start}`);
    expect(await Promise.all(exits)).toEqual([0, 0, 0, 0]);
    for (const file of files) {
      const database = openDatabase(file);
      expect(database.prepare("SELECT count(*) FROM a").pluck().get()).toBe(1);
      database.close();
    }
  });

  it("reports a row that was damaged by hand instead of passing it on", async () => {
    const store = await openSqliteStore(folder);
    await store.values.set("slack", "cursor", { secret: 1 });
    const database = openDatabase(join(folder, "store.sqlite"));
    database.exec("UPDATE owned_values SET value = '{\"secret\": '");
    database.close();
    await expect(store.values.get("slack", "cursor")).rejects.toMatchObject({
      code: "store/corrupt-row",
      message: expect.not.stringContaining("secret"),
    });
    await store.close();
  });
});
