import { mkdir, open, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../../core/environment.ts";

/** A training that takes longer than this has died with its process. */
const LONGEST_MS = 6 * 3_600_000;

/** Locks the directory for one training among all processes; gives what unlocks it, or undefined when it is locked. */
export async function lockTraining(directory: string, clock: Clock): Promise<(() => Promise<void>) | undefined> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, "training.lock");
  const found = await stat(path).catch(() => undefined);
  if (found !== undefined && (clock() - found.mtimeMs > LONGEST_MS || !(await holderLives(path)))) {
    await rm(path, { force: true });
  }
  try {
    const file = await open(path, "wx", 0o600);
    await file.writeFile(String(process.pid));
    await file.close();
  } catch {
    return undefined;
  }
  return async () => await rm(path, { force: true });
}

/** On one machine a dead holder is noticed at once; elsewhere by the time. */
async function holderLives(path: string): Promise<boolean> {
  const file = await open(path, "r").catch(() => undefined);
  const pid = Number(await file?.readFile("utf8"));
  await file?.close();
  if (!Number.isInteger(pid) || pid <= 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return thrown instanceof Error && "code" in thrown && thrown.code === "EPERM";
  }
}
