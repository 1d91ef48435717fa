import type { Writable } from "node:stream";
import type { HistoryEntry, LiveSignal } from "../../adapter.ts";
import { cutText, oneLine, parseMarkdown, toPlainText } from "../../adapter.ts";
import type { ConsolePayload } from "./render.ts";
import { isTerminal, sizeOf, type Style } from "./terminal.ts";
import { wrapLines } from "./wrap.ts";

/** What is on the screen: printed replies, and the piece that is still being streamed. */
export interface Screen {
  readonly open: (earlier: readonly HistoryEntry[]) => void;
  readonly live: (signal: LiveSignal["signal"]) => void;
  /** Takes a status line and streamed text off the screen: the turn is over, or the person types. */
  readonly settle: () => void;
  /** One of the replies to a message: the bot's name stands above the first. `below`: lines beneath it. */
  readonly reply: (
    payload: ConsolePayload,
    place: { readonly isFirst: boolean; readonly below: readonly string[] },
  ) => void;
  readonly note: (text: string) => void;
}

const CLEAR_LINE = "\r\u001B[2K";
/** Where the history's text is cut, in a window of any width. */
const EARLIER_LENGTH = 200;

/** Writes to the terminal. Text streams into it where the cursor can be moved, and the person is not typing. */
export function createScreen(
  output: Writable,
  botName: string,
  { style: { colors, marks }, isTyping }: { readonly style: Style; readonly isTyping: () => boolean },
): Screen {
  const canMove = isTerminal(output) && process.env["TERM"] !== "dumb";
  const live = { text: "", status: false };

  const write = (text: string): void => void output.write(text);
  const clearStatus = (): void => {
    if (live.status) write(CLEAR_LINE);
    live.status = false;
  };
  /** Takes the streamed rough text off the screen, where it still fits on it. */
  const eraseStream = (): void => {
    if (live.text === "") return;
    const { rows, columns } = sizeOf(output);
    const lines = rowsOf(live.text, columns);
    if (lines >= rows) write("\n");
    else write(`${CLEAR_LINE}${lines > 1 ? `\u001B[${lines - 1}A\u001B[J` : ""}`);
    live.text = "";
  };
  /** What goes to a file or another program is not broken. */
  const wrapped = (text: string): string => (isTerminal(output) ? wrapLines(text, sizeOf(output).columns) : text);
  const settle = (): void => {
    clearStatus();
    eraseStream();
  };

  return {
    open: (earlier) => {
      write(
        `${colors.bold(botName)} ${colors.dim("· type a message, /reset for a new conversation, Ctrl-C to leave")}\n`,
      );
      for (const { role, text } of earlier) {
        const line = `${role === "user" ? "you" : botName}: ${inOneLine(text)}`;
        write(`${colors.dim(cutText(line, Math.min(EARLIER_LENGTH, sizeOf(output).columns - 1), marks.ellipsis))}\n`);
      }
    },
    live: (signal) => {
      if (!canMove || isTyping()) return;
      if (signal.type === "delta") {
        clearStatus();
        live.text += signal.text;
        write(signal.text);
      } else if (signal.type === "reset") eraseStream();
      else if (live.text === "") {
        const words = signal.type === "status" ? signal.text : `${botName} is thinking${marks.ellipsis}`;
        write(`${CLEAR_LINE}${colors.dim(cutText(words, sizeOf(output).columns - 1))}`);
        live.status = true;
      }
    },
    settle,
    reply: ({ styled, plain }, { isFirst, below }) => {
      settle();
      const said = [wrapped(colors.isColorSupported ? styled : plain), ...below].join("\n\n").trim();
      write(`${isFirst ? `${colors.green(botName)}\n` : ""}${said}\n\n`);
    },
    note: (text) => {
      settle();
      write(`${colors.yellow(wrapped(text))}\n`);
    },
  };
}

/** The history keeps Markdown, as models write it. Only the heading of a table stands in its first line. */
function inOneLine(markdown: string): string {
  return oneLine(toPlainText(parseMarkdown(markdown)));
}

function rowsOf(text: string, columns: number): number {
  return text.split("\n").reduce((rows, line) => rows + Math.max(1, Math.ceil(line.length / columns)), 0);
}
