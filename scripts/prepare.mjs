/**
 * What npm runs in a checkout after it installed: keeps the lock file as it must be, installs the SQLite driver of
 * Node 20 where that is what runs, and builds.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { mendLock } from "./lock.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

mendLock(join(root, "package-lock.json"));
if (Number.parseInt(process.versions.node, 10) < 22) installDriverOfNode20(join(root, "vendor", "sqlite-node20"));
await import("./build.mjs");

/** better-sqlite3 13 needs Node 22; 12.11.1 stands beside it, where no later `npm install` touches it. */
function installDriverOfNode20(folder) {
  const wanted = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).dependencies["better-sqlite3"];
  const places = [join(root, "node_modules", "better-sqlite3"), join(folder, "node_modules", "better-sqlite3")];
  if (places.some((place) => isInstalled(place, wanted))) return;
  console.log(
    `Node ${process.versions.node}: installing better-sqlite3 ${wanted}, compiled where no binary can be fetched…`,
  );
  const npm = process.env.npm_execpath;
  const [command, ...start] = npm === undefined ? ["npm"] : [process.execPath, npm];
  const { status } = spawnSync(command, [...start, "ci", "--no-audit", "--no-fund"], { cwd: folder, stdio: "inherit" });
  if (status !== 0) {
    console.error(
      `parley: better-sqlite3 ${wanted} could not be installed for Node 20. It needs Python 3, make and a C++ compiler ` +
        "(Debian: apt-get install python3 make g++). Node 22 and 24 need none of them.",
    );
    process.exit(1);
  }
}

/** Whether this version is there with its binary. */
function isInstalled(place, version) {
  const file = join(place, "package.json");
  return (
    existsSync(file) &&
    JSON.parse(readFileSync(file, "utf8")).version === version &&
    existsSync(join(place, "build", "Release", "better_sqlite3.node"))
  );
}
