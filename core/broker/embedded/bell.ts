/**
 * A bell between the processes on one file: an empty file beside it, whose time of change each of them sets after its
 * commits. The system tells those who watch it, so that a process at rest need not look for itself.
 */
import { type FSWatcher, utimesSync, watch, writeFileSync } from "node:fs";

export interface Bell {
  /** After a commit. */
  readonly ring: () => void;
  /** Hears the bell from now on; false when it did so already, or cannot. */
  readonly hear: () => boolean;
  readonly stopHearing: () => void;
  /** Whether a ring of this process was heard: some file systems tell nothing. */
  readonly isHeard: () => boolean;
}

/** Makes the bell of a file; `rung` is called for rings of whichever process. */
export function createBell(path: string, rung: () => void): Bell {
  const file = `${path}-bell`;
  let isThere = true;
  let hasRung = false;
  let isHeard = false;
  let watcher: FSWatcher | undefined;
  try {
    writeFileSync(file, "", { flag: "a", mode: 0o600 });
  } catch {
    isThere = false;
  }

  function stopHearing(): void {
    watcher?.close();
    watcher = undefined;
  }

  /** Without a bell everything goes on as before it: who waits looks for itself. */
  function giveUp(): void {
    stopHearing();
    isThere = false;
    isHeard = false;
  }

  return {
    ring: () => {
      if (!isThere) return;
      try {
        const now = Date.now() / 1_000;
        utimesSync(file, now, now);
        hasRung = watcher !== undefined;
      } catch {
        giveUp();
      }
    },
    hear: () => {
      if (!isThere || watcher !== undefined) return false;
      try {
        watcher = watch(file, { persistent: false }, (kind) => {
          // Somebody took the file away.
          if (kind === "rename") return giveUp();
          isHeard ||= hasRung;
          rung();
        }).on("error", giveUp);
        return true;
      } catch {
        giveUp();
        return false;
      }
    },
    stopHearing,
    isHeard: () => isHeard,
  };
}
