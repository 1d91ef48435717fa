/** How the command line speaks: plain words, colour where the terminal has it, JSON where it is asked for. */
import { wrapAnsi } from "fast-wrap-ansi";
import { colors } from "./colors.ts";
import { printAbove } from "../adapters/console/above.ts";
import { ConfigError } from "../core/config/config-error.ts";
import { ParleyError, toError } from "../core/errors.ts";

/** Prints a line on standard output, above a conversation that is open in this terminal. */
export function print(line = ""): void {
  printAbove(() => process.stdout.write(`${line}\n`));
}

function printError(line: string): void {
  printAbove(() => process.stderr.write(`${line}\n`));
}

/** Breaks a text into lines that fit the terminal; lines that go on stand a little further in. */
export function wrapped(text: string, indent: number, stream: NodeJS.WriteStream): string {
  const columns = columnsOf(stream);
  if (columns === Infinity) return text;
  return text
    .split("\n")
    .map((line) => {
      const margin = " ".repeat(/^ */u.exec(line)?.[0].length ?? 0);
      const width = Math.max(20, columns - margin.length - indent);
      return wrapAnsi(line.trimStart(), width)
        .split("\n")
        .map((part, index) => `${margin}${index === 0 ? "" : " ".repeat(indent)}${part}`)
        .join("\n");
    })
    .join("\n");
}

/** A text beside a label that ends at a column: further lines begin there too. */
export function beside(text: string, column: number): string {
  const columns = columnsOf(process.stdout);
  if (columns === Infinity) return text;
  return wrapAnsi(text, Math.max(30, columns - column)).replaceAll("\n", `\n${" ".repeat(column)}`);
}

/** What goes to a file or another program is not broken, unless it says how wide it is. */
function columnsOf({ columns }: NodeJS.WriteStream): number {
  return columns || Number(process.env["COLUMNS"]) || Infinity;
}

/** Prints a value as indented JSON. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** Says what went wrong on standard error; gives the exit code (2 for configuration, 1 for the rest). */
export function reportFailure(thrown: unknown): number {
  if (thrown instanceof ParleyError) {
    const text = `${colors.red("error")} ${thrown.message}`;
    printError(`${wrapped(text, 2, process.stderr)} ${colors.dim(`[${thrown.code}]`)}`);
    return thrown instanceof ConfigError ? 2 : 1;
  }
  const error = toError(thrown);
  printError(`${colors.red("unexpected error")} ${error.stack ?? error.message}`);
  return 1;
}

/** Colours a status word. */
export function statusMark(status: "ok" | "warning" | "error"): string {
  return { ok: colors.green("ok     "), warning: colors.yellow("warning"), error: colors.red("error  ") }[status];
}
