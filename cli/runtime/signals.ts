import { printAbove } from "../../adapters/console/above.ts";
import { describeError } from "../../core/errors.ts";
import type { Runtime } from "./runtime.ts";

/** After this long a stop that hangs is cut short: whatever was not finished is durable and runs at the next start. */
const FORCE_MS = 15_000;
/** What is closed keeps the process no longer than this, whatever a platform's library still tries. */
const LINGER_MS = 1_000;

/**
 * A platform library's stray rejection is told and never ends the process: its account's health tells the rest. Called
 * before anything connects.
 */
export function outliveStrayRejections(): void {
  process.on("unhandledRejection", (reason) => {
    printAbove(() => process.stderr.write(`a rejection was not handled: ${describeError(reason)}\n`));
  });
}

/** Resolves when the process was told to stop and everything is drained. SIGHUP reloads, and stops what cannot reload. */
export async function untilStopped(options: {
  readonly runtime: Runtime;
  readonly onReload?: () => Promise<void>;
}): Promise<void> {
  const { runtime, onReload } = options;
  const { log } = runtime.telemetry;
  if (onReload !== undefined) process.on("SIGHUP", () => void onReload());
  let stopping = false;
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    // One listener each, never taken off: in the moment without any, a second signal would end the process.
    const onSignal = (name: NodeJS.Signals): void => {
      // Who presses Ctrl-C again wants it gone; a supervisor that says it twice does not.
      if (stopping && name === "SIGINT") process.exit(130);
      if (stopping) log.info({}, "still draining");
      stopping = true;
      resolve(name);
    };
    for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, onSignal);
    if (onReload === undefined) process.on("SIGHUP", onSignal);
  });
  log.info({ signal }, "stopping: draining what is in hand");
  setTimeout(() => {
    const how = `parley: not stopped after ${FORCE_MS / 1_000} s, so it ends now; what was in hand runs at the next start\n`;
    process.stderr.write(how, () => process.exit(1));
  }, FORCE_MS).unref();
  await runtime.close();
  log.info({}, "stopped");
  setTimeout(() => process.exit(), LINGER_MS).unref();
}
