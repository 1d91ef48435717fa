import { performance } from "node:perf_hooks";

/** Names this process; another one with the same number (a restarted container) has another name. */
export const thisProcess = `${process.pid}.${Math.floor(performance.timeOrigin)}`;

/** Whether the named process may still be running. In doubt it is: its lease then runs out first. */
export function mayBeAlive(owner: string): boolean {
  const pid = Number(owner.split(".")[0]);
  if (pid === process.pid) return owner === thisProcess;
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return !(thrown instanceof Error && "code" in thrown && thrown.code === "ESRCH");
  }
}
