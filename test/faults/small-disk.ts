/** A small disk of its own that can be filled: a tmpfs, which only a privileged user may mount. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Result } from "./experiment.ts";
import { onInterrupt } from "./stage.ts";

/** Leaves so much, that what is held open can go on for a moment. */
const LEFT_BYTES = 64 * 1024;

/** Runs an experiment on a disk of this size, such as `12m`; says why it was skipped where mounting is not allowed. */
export async function onSmallDisk(size: string, work: (disk: string) => Promise<Result>): Promise<Result> {
  const disk = mkdtempSync(join(tmpdir(), "parley-faults-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", disk], { stdio: "ignore" });
  } catch {
    rmSync(disk, { recursive: true });
    const skipped = "this user may not mount a small disk (run as root, with CAP_SYS_ADMIN)";
    return { faults: [], figures: {}, skipped };
  }
  const unmount = (): void => {
    execFileSync("umount", ["-l", disk]);
    rmSync(disk, { recursive: true, force: true });
  };
  const unmounted = onInterrupt(unmount);
  try {
    return await work(disk);
  } finally {
    unmounted();
    unmount();
  }
}

/** Fills it, as far as others do not meanwhile; gives how to make room again. */
export function fill(disk: string): () => void {
  const filler = join(disk, "filler");
  const { bavail, bsize } = statfsSync(disk);
  try {
    writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - LEFT_BYTES)));
  } catch (thrown) {
    if (!(thrown instanceof Error && "code" in thrown && thrown.code === "ENOSPC")) throw thrown;
  }
  return () => rmSync(filler);
}
