import { printAbove } from "../../adapters/console/above.ts";
import { describeError } from "../../core/errors.ts";
import type { Runtime } from "./runtime.ts";

/** After this long a stop that hangs is cut short: whatever was not finished is durable and runs at the next start. */
const FORCE_MS = 15_000;
/** What is closed keeps the process no longer than this, whatever a platform's library still tries. */
const LINGER_MS = 1_000;
/** A start that does not come to its end, since a service is away, holds up a stop no longer than this. */
const START_MS = 5_000;

/**
 * A platform library's stray rejection is told and never ends the process: its account's health tells the rest. Called
 * before anything connects.
 */
export function outliveStrayRejections(): void {
  process.on("unhandledRejection", (reason) => {
    printAbove(() => process.stderr.write(`a rejection was not handled: ${describeError(reason)}\n`));
  });
}

/** What runs until the process is told to stop. */
export interface Lifetime {
  readonly start: () => Promise<Runtime>;
  /** Called once it runs; what it rejects with ends the process. */
  readonly started: (runtime: Runtime) => Promise<void>;
  /** What SIGHUP does; left out where that stops the process, as a closed terminal does. */
  readonly reload?: (runtime: Runtime) => Promise<void>;
}

/**
 * Starts it, and resolves when the process was told to stop and everything is drained. Signals are heard from the first
 * moment on: others may see that it is ready, and stop it, before the start has come to its end.
 */
export async function runUntilStopped({ start, started, reload }: Lifetime): Promise<void> {
  const running: { runtime?: Runtime } = {};
  const told = hearSignals(running, reload);
  const runtime = await start();
  running.runtime = runtime;
  const { log } = runtime.telemetry;
  await started(runtime);
  const signal = await told;
  log.info({ signal }, "stopping: draining what is in hand");
  endIn(
    FORCE_MS,
    `not stopped after ${FORCE_MS / 1_000} s, so it ends now; what was in hand runs at the next start`,
    1,
  );
  await runtime.close();
  log.info({}, "stopped");
  setTimeout(() => process.exit(), LINGER_MS).unref();
}

/** Resolves with the first signal that says stop. One listener each, never taken off: in the moment without any, a second signal would end the process. */
async function hearSignals(
  running: { readonly runtime?: Runtime },
  reload: Lifetime["reload"],
): Promise<NodeJS.Signals> {
  let stopping = false;
  return await new Promise<NodeJS.Signals>((resolve) => {
    const onSignal = (name: NodeJS.Signals): void => {
      const { runtime } = running;
      // Who presses Ctrl-C again, or before anything runs, wants it gone; a supervisor that says it twice does not.
      if (name === "SIGINT" && (stopping || runtime === undefined)) process.exit(130);
      if (stopping) runtime?.telemetry.log.info({}, "still draining");
      else if (runtime === undefined) endIn(START_MS, "told to stop while it was starting; nothing was in hand", 0);
      stopping = true;
      resolve(name);
    };
    process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
    process.on("SIGHUP", (name) => {
      if (reload === undefined) onSignal(name);
      else if (running.runtime !== undefined) void reload(running.runtime);
    });
  });
}

function endIn(ms: number, why: string, code: number): void {
  setTimeout(() => process.stderr.write(`parley: ${why}\n`, () => process.exit(code)), ms).unref();
}
