import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../../core/environment.ts";

/** A training that takes longer than this has died with its process. */
const LONGEST_MS = 6 * 3_600_000;
/** A holder has written its name into the lock after this time; without one the lock is left over from a full disk. */
const NAMELESS_MS = 60_000;

/**
 * Locks the directory for one training among all processes; gives what unlocks it, or undefined when it is locked. Throws
 * what the disk says when the lock cannot be written, and leaves none then.
 */
export async function lockTraining(directory: string, clock: Clock): Promise<(() => Promise<void>) | undefined> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, "training.lock");
  const found = await stat(path).catch(() => undefined);
  if (found !== undefined && !(await isHeld(path, clock() - found.mtimeMs))) await rm(path, { force: true });
  try {
    await writeFile(path, String(process.pid), { flag: "wx", mode: 0o600 });
  } catch (thrown) {
    if (hasCode(thrown, "EEXIST")) return undefined;
    await rm(path, { force: true });
    throw thrown;
  }
  return async () => await rm(path, { force: true });
}

/** On one machine a dead holder is noticed at once; elsewhere by the time. */
async function isHeld(path: string, ageMs: number): Promise<boolean> {
  if (ageMs > LONGEST_MS) return false;
  const pid = Number(await readFile(path, "utf8").catch(() => ""));
  if (!Number.isInteger(pid) || pid <= 0) return ageMs <= NAMELESS_MS;
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return hasCode(thrown, "EPERM");
  }
}

function hasCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === code;
}
