/**
 * Loads the release of better-sqlite3 that runs on this Node: 13 needs Node 22 and crashes the process on 20, 12 aborts
 * it on 24. Which one is installed is read before any of its code runs, so a wrong one is an error and never a crash.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type SqliteDatabase from "better-sqlite3";
import type { Database, Options } from "better-sqlite3";
import { z } from "zod";
import { ParleyError, describeError } from "../../errors.ts";
import { packageDirectory } from "../../package-directory.ts";

type Driver = typeof SqliteDatabase;

/** What is looked at; the tests set other places. */
export interface DriverPlace {
  /** As `process.versions.node` says it. */
  readonly nodeVersion: string;
  /** Folders whose `node_modules` may hold a driver, the first choice first. */
  readonly folders: readonly string[];
}

interface InstalledDriver {
  readonly file: string;
  readonly version: string;
}

const MODULE = "better-sqlite3";
const DriverPackage = z.object({ name: z.literal(MODULE), version: z.string() });
let loaded: { readonly driver: Driver; readonly version: string } | undefined;

/**
 * Opens a SQLite file as it is, or `:memory:`. Files of ours go through `openDatabase`, which also configures them.
 * Throws `store/sqlite-driver` when no driver for this Node is installed.
 */
export function openSqlite(path: string, options: Options = {}): Database {
  const { driver } = sqliteDriver();
  return new driver(path, options);
}

/** SQLite's own code of an error that it threw, such as `SQLITE_BUSY`. */
export function sqliteErrorCode(thrown: unknown): string | undefined {
  if (loaded === undefined || !(thrown instanceof loaded.driver.SqliteError)) return undefined;
  return thrown.code;
}

/** The driver of this process and its version. Throws `store/sqlite-driver` with the fix when there is none. */
export function sqliteDriver(): { readonly driver: Driver; readonly version: string } {
  loaded ??= loadDriver({
    nodeVersion: process.versions.node,
    folders: [dirname(fileURLToPath(import.meta.url)), join(packageDirectory(), "vendor", "sqlite-node20")],
  });
  return loaded;
}

/** Finds the driver for a version of Node and loads it. */
export function loadDriver({ nodeVersion, folders }: DriverPlace): {
  readonly driver: Driver;
  readonly version: string;
} {
  const needed = nodeMajor(nodeVersion) < 22 ? { major: 12, release: "12.11.1" } : { major: 13, release: "13.2.0" };
  const installed = folders.map(findDriver).filter((found) => found !== undefined);
  const fitting = installed.find(({ version }) => Number.parseInt(version, 10) === needed.major);
  const fix =
    `In a checkout run: npm ci. In a project of your own run: npm install ${MODULE}@${needed.release}.` +
    (needed.major === 12 ? " Or use Node 22 or 24, where nothing has to be compiled." : "");
  if (fitting === undefined) {
    const there = installed.map(({ version }) => version).join(" and ");
    const found = there === "" ? "it is not installed" : `${there} is installed, which crashes on this Node`;
    throw new ParleyError(
      "store/sqlite-driver",
      `Node ${nodeVersion} needs ${MODULE} ${needed.release}; ${found}. ${fix}`,
    );
  }
  try {
    const driver: unknown = createRequire(fitting.file)(dirname(fitting.file));
    if (!isDriver(driver)) throw new Error("it is not a SQLite driver");
    // The binary is loaded with the first database.
    new driver(":memory:").close();
    return { driver, version: fitting.version };
  } catch (thrown) {
    throw new ParleyError(
      "store/sqlite-driver",
      `${MODULE} ${fitting.version} cannot be loaded on Node ${nodeVersion} (${describeError(thrown)}). ${fix}`,
      { cause: thrown },
    );
  }
}

function findDriver(folder: string): InstalledDriver | undefined {
  for (const modules of createRequire(join(folder, "package.json")).resolve.paths(MODULE) ?? []) {
    const file = join(modules, MODULE, "package.json");
    try {
      return { file, version: DriverPackage.parse(JSON.parse(readFileSync(file, "utf8"))).version };
    } catch {
      // Not in this folder: the search goes on upwards, as Node's own does.
    }
  }
  return undefined;
}

function isDriver(value: unknown): value is Driver {
  return typeof value === "function" && "SqliteError" in value;
}

function nodeMajor(version: string): number {
  return Number.parseInt(version, 10);
}
