import { chmodSync, copyFileSync, existsSync, linkSync, mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";

/** Puts a database that the build made where one is to be and is not yet. Where that fails, it is made as without one. */
export function copyBuilt(built: URL, path: string): void {
  // The log of an earlier database would be applied to the copy.
  if (existsSync(path) || existsSync(`${path}-wal`) || !existsSync(built)) return;
  const copy = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    copyFileSync(built, copy);
    chmodSync(copy, 0o600);
    // Fails where another process made one meanwhile.
    linkSync(copy, path);
  } catch {
    // The caller makes its own.
  } finally {
    rmSync(copy, { force: true });
  }
}
