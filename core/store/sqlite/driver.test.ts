import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { loadDriver, openSqlite, sqliteDriver, sqliteErrorCode } from "./driver.ts";

const root = mkdtempSync(join(tmpdir(), "parley-driver-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A folder with a driver of this version installed, whose code must never run where the version is wrong. */
function installed(version: string, code = "process.abort();"): string {
  const folder = mkdtempSync(join(root, "project-"));
  const driver = join(folder, "node_modules", "better-sqlite3");
  mkdirSync(driver, { recursive: true });
  writeFileSync(join(driver, "package.json"), JSON.stringify({ name: "better-sqlite3", version, main: "index.js" }));
  writeFileSync(join(driver, "index.js"), code);
  return folder;
}

const works = "module.exports = class Database { close() {} }; module.exports.SqliteError = Error;";

describe("the SQLite driver", () => {
  it("opens databases on the Node that runs this test", () => {
    const database = openSqlite(":memory:");
    const row = z.object({ answer: z.number() }).parse(database.prepare("SELECT 41 + 1 AS answer").get());
    expect(row.answer).toBe(42);
    database.close();
    const major = Number.parseInt(process.versions.node, 10);
    expect(sqliteDriver().version).toMatch(major < 22 ? /^12\./ : /^13\./);
  });

  it("gives SQLite's own code of an error, and none for others", () => {
    const database = openSqlite(":memory:");
    expect(() => database.exec("SELECT * FROM absent")).toThrow("no such table");
    try {
      database.exec("SELECT * FROM absent");
    } catch (thrown) {
      expect(sqliteErrorCode(thrown)).toBe("SQLITE_ERROR");
    }
    expect(sqliteErrorCode(Object.assign(new Error("no"), { code: "SQLITE_BUSY" }))).toBeUndefined();
    database.close();
  });

  it.each([
    { node: "20.19.0", driver: "13.2.0", release: "12.11.1" },
    { node: "20.20.2", driver: "13.9.0", release: "12.11.1" },
    { node: "22.13.0", driver: "12.11.1", release: "13.2.0" },
    { node: "24.21.0", driver: "12.11.1", release: "13.2.0" },
    { node: "26.0.0", driver: "11.0.0", release: "13.2.0" },
  ])("never runs $driver on Node $node, and says what to install", ({ node, driver, release }) => {
    const attempt = () => loadDriver({ nodeVersion: node, folders: [installed(driver)] });
    expect(attempt).toThrow(`Node ${node} needs better-sqlite3 ${release}; ${driver} is installed`);
    expect(attempt).toThrow(`npm install better-sqlite3@${release}`);
  });

  it("takes the second place where the first holds the driver of another Node", () => {
    const folders = [installed("13.2.0"), installed("12.11.1", works)];
    expect(loadDriver({ nodeVersion: "20.19.0", folders }).version).toBe("12.11.1");
  });

  it("says that none is installed, and that a build is broken", () => {
    const empty = mkdtempSync(join(root, "empty-"));
    expect(() => loadDriver({ nodeVersion: "24.0.0", folders: [empty] })).toThrow("it is not installed. In a checkout");
    const broken = installed("12.11.1", "throw new Error('compiled for another Node');");
    expect(() => loadDriver({ nodeVersion: "20.19.0", folders: [broken] })).toThrow(
      /12\.11\.1 cannot be loaded on Node 20\.19\.0 .*compiled for another Node/u,
    );
  });
});
