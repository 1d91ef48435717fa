/** The processes of an experiment: started, signalled, and all gone when the harness ends, however it ends. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { bundled } from "./build.ts";
import { machineNow } from "./notes.ts";
import { type Command, Told } from "./processes/control.ts";
import type { RoadSpec } from "./road.ts";

export type Role = "worker" | "courier" | "producer" | "platform";

/** One process. */
export interface Actor {
  readonly role: Role;
  readonly pid: number;
  /** What it told when it was ready. */
  readonly port: number;
  /** How long it took until then, in ms. */
  readonly startedIn: number;
  readonly isAlive: () => boolean;
  /** When it ended, on the clock of `machineNow`. */
  readonly endedAt: () => number | undefined;
  readonly signal: (signal: NodeJS.Signals) => void;
  readonly tell: (command: Command) => void;
  readonly ended: Promise<void>;
}

const living = new Set<ChildProcess>();

/** Kills every process that was started here and still lives; a stopped one is killed as well. */
export function killAll(): void {
  for (const child of living) child.kill("SIGKILL");
}

/** Starts a process of this role and waits until it is ready. */
export async function startActor(
  role: Role,
  spec: RoadSpec,
  onTold: (told: Told, from: number) => void = () => undefined,
): Promise<Actor> {
  const spawnedAt = machineNow();
  const child = fork(bundled(role, spec.changed), [JSON.stringify(spec)], {
    execArgv: [],
    stdio: ["ignore", 2, 2, "ipc"],
  });
  living.add(child);
  let endedAt: number | undefined;
  const ended = once(child, "exit").then(() => {
    living.delete(child);
    endedAt = machineNow();
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`A ${role} could not be started.`);
  const port = await new Promise<number>((resolve, reject) => {
    child.once("exit", (code, signal) =>
      reject(new Error(`A ${role} ended (${code ?? signal}) before it was ready; see its log in ${spec.directory}`)),
    );
    child.on("message", (raw) => {
      const told = Told.parse(raw);
      if (told.is === "ready") resolve(told.port ?? 0);
      else onTold(told, pid);
    });
  });
  return {
    role,
    pid,
    port,
    startedIn: machineNow() - spawnedAt,
    isAlive: () => endedAt === undefined,
    endedAt: () => endedAt,
    signal: (signal) => void child.kill(signal),
    tell: (command) => {
      if (child.connected) child.send(command, () => undefined);
    },
    ended,
  };
}

/** Ends a process at once. */
export async function killActor(actor: Actor): Promise<void> {
  actor.signal("SIGKILL");
  await actor.ended;
}
