import type { Writable } from "node:stream";
import pc from "picocolors";
import type { HistoryEntry } from "../../core/adapter.ts";
import type { LiveSignal } from "../../core/live.ts";
import type { ConsolePayload } from "./render.ts";

/** What is on the screen: printed replies, and the piece that is still being streamed. */
export interface Screen {
  readonly open: (earlier: readonly HistoryEntry[]) => void;
  readonly live: (signal: LiveSignal["signal"]) => void;
  /** The turn is over: a status line that still stands is taken away. */
  readonly settle: () => void;
  readonly reply: (payload: ConsolePayload) => void;
  readonly note: (text: string) => void;
}

const CLEAR_LINE = "\r\u001B[2K";

/** Writes to the terminal; colours only where they are wanted (NO_COLOR, FORCE_COLOR, a real terminal). */
export function createScreen(output: Writable, botName: string): Screen {
  const colored = wantsColor(output);
  const colors = pc.createColors(colored);
  const live = { text: "", status: false };

  const write = (text: string): void => void output.write(text);
  const clearStatus = (): void => {
    if (live.status && isTerminal(output)) write(CLEAR_LINE);
    live.status = false;
  };
  /** Takes the streamed rough text off the screen, where it still fits on it. */
  const eraseStream = (): boolean => {
    if (live.text === "") return true;
    const { rows, columns } = sizeOf(output);
    const lines = rowsOf(live.text, columns);
    if (!isTerminal(output) || lines >= rows) return false;
    write(`${CLEAR_LINE}${lines > 1 ? `\u001B[${lines - 1}A\u001B[J` : ""}`);
    return true;
  };

  return {
    open: (earlier) => {
      write(`${colors.bold(botName)} ${colors.dim("· type a message, /reset to start anew, Ctrl-C to leave")}\n`);
      for (const { role, text } of earlier) {
        write(`${colors.dim(`${role === "user" ? "you" : botName}: ${text.split("\n")[0] ?? ""}`)}\n`);
      }
    },
    live: (signal) => {
      if (signal.type === "delta") {
        clearStatus();
        live.text += signal.text;
        if (isTerminal(output)) write(signal.text);
        return;
      }
      if (signal.type === "reset") {
        eraseStream();
        live.text = "";
        return;
      }
      if (!isTerminal(output) || live.text !== "") return;
      const words = signal.type === "status" ? signal.text : `${botName} is thinking…`;
      write(`${CLEAR_LINE}${colors.dim(words.slice(0, sizeOf(output).columns - 1))}`);
      live.status = true;
    },
    settle: clearStatus,
    reply: ({ styled, plain }) => {
      clearStatus();
      const erased = eraseStream();
      if (!erased) write("\n");
      live.text = "";
      write(`${colors.green(botName)}\n${colored ? styled : plain}\n\n`);
    },
    note: (text) => {
      clearStatus();
      write(`${colors.yellow(text)}\n`);
    },
  };
}

function wantsColor(output: Writable): boolean {
  if ((process.env["NO_COLOR"] ?? "") !== "") return false;
  return (process.env["FORCE_COLOR"] ?? "") !== "" || isTerminal(output);
}

function isTerminal(output: Writable): boolean {
  return "isTTY" in output && output.isTTY === true;
}

function sizeOf(output: Writable): { readonly rows: number; readonly columns: number } {
  const rows = "rows" in output && typeof output.rows === "number" ? output.rows : 24;
  const columns = "columns" in output && typeof output.columns === "number" ? output.columns : 80;
  return { rows, columns };
}

function rowsOf(text: string, columns: number): number {
  return text.split("\n").reduce((rows, line) => rows + Math.max(1, Math.ceil(line.length / columns)), 0);
}
