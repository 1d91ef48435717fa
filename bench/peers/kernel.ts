/** What the kernel has counted of a process, all its threads together. */
import { readdirSync, readFileSync } from "node:fs";

/** CPU time used so far, user and system, in ms; in steps of 10 ms. */
export function cpuMs(pid: number): number {
  // The name of the program, in parentheses, may hold spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /su, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** The largest resident set so far, in MB. */
export function peakMegabytes(pid: number): number {
  return Math.round(numberIn(`/proc/${pid}/status`, "VmHWM") / 1024);
}

/** How often its threads have gone to sleep by themselves: each was woken once more. */
export function wakeUps(pid: number): number {
  return readdirSync(`/proc/${pid}/task`)
    .map((thread) => numberIn(`/proc/${pid}/task/${thread}/status`, "voluntary_ctxt_switches"))
    .reduce((total, one) => total + one, 0);
}

function numberIn(path: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, "mu").exec(readFileSync(path, "utf8"))?.[1]);
}
