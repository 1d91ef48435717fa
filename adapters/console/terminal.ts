/** What the terminal can do, and how things look in it. */
import type { Readable, Writable } from "node:stream";
import type { ReadStream } from "node:tty";
import pc from "picocolors";

/** Colours and the marks that the adapter itself draws. */
export interface Style {
  readonly colors: ReturnType<typeof pc.createColors>;
  readonly marks: Marks;
}

interface Marks {
  /** Stands before what the person types. */
  readonly prompt: string;
  readonly pointer: string;
  readonly ellipsis: string;
  readonly chooseHint: string;
}

const UNICODE: Marks = {
  prompt: "›",
  pointer: "❯",
  ellipsis: "…",
  chooseHint: "↑↓ to choose, Enter to take it, or type",
};
const ASCII: Marks = {
  prompt: ">",
  pointer: ">",
  ellipsis: "...",
  chooseHint: "Up/Down to choose, Enter to take it, or type",
};

type Environment = Readonly<Record<string, string | undefined>>;

/** Colours only where they are wanted (NO_COLOR, FORCE_COLOR, a real terminal); ASCII where the locale says so. */
export function styleOf(output: Writable, environment: Environment = process.env): Style {
  return { colors: pc.createColors(wantsColor(output, environment)), marks: isAscii(environment) ? ASCII : UNICODE };
}

function wantsColor(output: Writable, { NO_COLOR = "", FORCE_COLOR = "", TERM }: Environment): boolean {
  if (NO_COLOR !== "") return false;
  return FORCE_COLOR !== "" || (isTerminal(output) && TERM !== "dumb");
}

/** A locale that was chosen and is not UTF-8. Where none is set (containers), terminals know Unicode all the same. */
function isAscii({ LC_ALL, LC_CTYPE, LANG }: Environment): boolean {
  const locale = [LC_ALL, LC_CTYPE, LANG].find((value) => value !== undefined && value !== "");
  return locale !== undefined && !/utf-?8/iu.test(locale);
}

export function isTerminal(stream: Readable | Writable): boolean {
  return "isTTY" in stream && stream.isTTY === true;
}

/** Whether keys can be read one by one, and the cursor moved: not in a pipe, nor in a terminal that calls itself dumb. */
export function readsKeys(input: Readable, output: Writable): input is ReadStream {
  return isTerminal(input) && isTerminal(output) && process.env["TERM"] !== "dumb";
}

export function sizeOf(output: Writable): { readonly rows: number; readonly columns: number } {
  const rows = "rows" in output && typeof output.rows === "number" && output.rows > 0 ? output.rows : 24;
  const columns = "columns" in output && typeof output.columns === "number" && output.columns > 0 ? output.columns : 80;
  return { rows, columns };
}
