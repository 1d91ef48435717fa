/**
 * Keeps in package-lock.json what npm leaves out when it writes it anew: that better-sqlite3 13 brings its binaries.
 * Without the mark `npm ci` of npm 10 runs node-gyp for it, which needs Python and fails where there is none.
 * `--check` fails when it is not there, or when the lock names the wrong release or addresses of a registry.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ENTRY = "node_modules/better-sqlite3";
const RELEASE = "13.2.0";

/** Writes the mark where it is missing. */
export function mendLock(file) {
  if (!existsSync(file)) return;
  const lock = JSON.parse(readFileSync(file, "utf8"));
  const entry = lock.packages?.[ENTRY];
  if (entry?.version !== RELEASE || entry.gypfile === false) return;
  entry.gypfile = false;
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}

/** What is wrong with the lock file, each with its fix. */
export function lockFaults(text) {
  const lock = JSON.parse(text);
  const entry = lock.packages[ENTRY];
  const addressed = Object.entries(lock.packages).filter(([, { resolved }]) => /^https?:/.test(resolved ?? ""));
  return [
    ...(entry.version === RELEASE
      ? []
      : [`it pins better-sqlite3 ${entry.version}, not ${RELEASE}: run npm update better-sqlite3 on Node 22 or later`]),
    ...(entry.version === RELEASE && entry.gypfile !== false
      ? ["better-sqlite3 has lost its mark that nothing is to be built: run node scripts/prepare.mjs"]
      : []),
    ...(addressed.length === 0
      ? []
      : [`${addressed.length} addresses of a registry: set omit-lockfile-registry-resolved=true and write it anew`]),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = join(dirname(dirname(fileURLToPath(import.meta.url))), "package-lock.json");
  if (!process.argv.includes("--check")) mendLock(file);
  const faults = lockFaults(readFileSync(file, "utf8"));
  for (const fault of faults) console.error(`package-lock.json: ${fault}.`);
  if (faults.length > 0) process.exit(1);
}
