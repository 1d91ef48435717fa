/** Which process this is, and whether another one of this machine still lives. */
import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname, networkInterfaces } from "node:os";
import { z } from "zod";

/** A process, told apart from a later one with the same number. */
export const ProcessIdentity = z.object({
  /** The machine, this boot of it, and the part of it whose process numbers these are (a container has its own). */
  machine: z.string(),
  pid: z.number().int(),
  /** When the process started, on the machine's own clock; undefined where the system does not say. */
  started: z.string().optional(),
});
export type ProcessIdentity = z.infer<typeof ProcessIdentity>;

let own: ProcessIdentity | undefined;

/** This process. */
export function processIdentity(): ProcessIdentity {
  own ??= identityOf(process.pid);
  return own;
}

/** A living process of this machine. */
export function identityOf(pid: number): ProcessIdentity {
  const started = statOf(pid)?.started;
  return { machine: machineName(), pid, ...(started === undefined ? {} : { started }) };
}

/** Whether a process certainly lives no more. False for one of another machine: nothing is known of it here. */
export function isGone({ machine, pid, started }: ProcessIdentity): boolean {
  if (machine !== processIdentity().machine) return false;
  const stat = statOf(pid);
  if (stat === undefined) return !answersToSignals(pid);
  // A zombie only waits to be noticed by its parent. A number that was given to a newer process is not the one meant.
  return "ZX".includes(stat.state) || (started !== undefined && stat.started !== started);
}

function answersToSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // EPERM: it lives, and belongs to somebody else.
    return !(thrown instanceof Error && "code" in thrown && thrown.code === "ESRCH");
  }
}

/** State letter and start time from `/proc`; undefined where there is none. The name in brackets may hold spaces. */
function statOf(pid: number): { readonly state: string; readonly started: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state] = fields;
    const started = fields[19];
    return state === undefined || started === undefined ? undefined : { state, started };
  } catch {
    return undefined;
  }
}

function machineName(): string {
  return createHash("sha256")
    .update(`${hostname()}\n${bootAndNamespace() ?? hardwareAddresses()}`)
    .digest("base64url")
    .slice(0, 22);
}

function bootAndNamespace(): string | undefined {
  try {
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return undefined;
  }
}

/** Two machines of one name must not take each other's process numbers for their own. */
function hardwareAddresses(): string {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal }) => !internal)
    .map(({ mac }) => mac)
    .toSorted()
    .join(" ");
}
