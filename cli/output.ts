/** How the command line speaks: plain words, colour where the terminal has it, JSON where it is asked for. */
import pc from "picocolors";
import { ConfigError } from "../core/config/index.ts";
import { ParleyError, toError } from "../core/errors.ts";

/** Prints a line on standard output. */
export function print(line = ""): void {
  process.stdout.write(`${line}\n`);
}

/** Prints a value as indented JSON. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** Says what went wrong on standard error; gives the exit code (2 for configuration, 1 for the rest). */
export function reportFailure(thrown: unknown): number {
  if (thrown instanceof ParleyError) {
    process.stderr.write(`${pc.red("error")} ${thrown.message} ${pc.dim(`[${thrown.code}]`)}\n`);
    return thrown instanceof ConfigError ? 2 : 1;
  }
  const error = toError(thrown);
  process.stderr.write(`${pc.red("unexpected error")} ${error.stack ?? error.message}\n`);
  return 1;
}

/** Colours a status word. */
export function statusMark(status: "ok" | "warning" | "error"): string {
  return { ok: pc.green("ok     "), warning: pc.yellow("warning"), error: pc.red("error  ") }[status];
}
