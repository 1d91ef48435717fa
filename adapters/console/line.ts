import { clearScreenDown, createInterface, cursorTo, moveCursor } from "node:readline";
import { PassThrough, Writable } from "node:stream";
import type { Key } from "./keys.ts";
import { sizeOf } from "./terminal.ts";

/** The line that is typed, with its editing and its history. */
export interface Line {
  readonly isShown: () => boolean;
  readonly isEmpty: () => boolean;
  readonly show: () => void;
  /** Takes it off the screen; what was typed is kept. */
  readonly hide: () => void;
  readonly redraw: () => void;
  readonly press: (key: Key) => void;
  readonly close: () => void;
}

export interface LineOptions {
  readonly output: Writable;
  readonly mark: string;
  readonly onLine: (text: string) => void;
  readonly onSuspend: () => void;
  /** Ctrl-D on an empty line. */
  readonly onEnd: () => void;
}

/** Stands in the typed line for a line break that was pasted. */
const LINE_BREAK = "↵";

/** Opens it, hidden. */
export function openLine({ output, mark, onLine, onSuspend, onEnd }: LineOptions): Line {
  let shown = false;
  const lines = createInterface({
    // Keys are handed over one by one, by `write`.
    input: new PassThrough(),
    output: withoutResize(output),
    terminal: true,
    historySize: 200,
    removeHistoryDuplicates: true,
    prompt: mark,
  });
  lines.on("line", (typed) => {
    shown = false;
    onLine(typed.replaceAll(LINE_BREAK, "\n"));
  });
  lines.on("SIGTSTP", onSuspend);
  lines.on("close", onEnd);
  return {
    isShown: () => shown,
    isEmpty: () => lines.line === "",
    show: () => {
      if (shown) return;
      shown = true;
      // It is drawn from as many rows above as it had before.
      output.write("\n".repeat(lines.getCursorPos().rows));
      lines.prompt(true);
    },
    hide: () => {
      if (!shown) return;
      shown = false;
      moveCursor(output, 0, -lines.getCursorPos().rows);
      cursorTo(output, 0);
      clearScreenDown(output);
    },
    redraw: () => {
      if (shown) lines.prompt(true);
    },
    press: ({ kind, pasted, text, raw }) => {
      if (pasted && kind === "enter") lines.write(LINE_BREAK);
      else lines.write(text, raw);
    },
    close: () => {
      lines.off("close", onEnd);
      lines.close();
    },
  };
}

/** The output as readline needs it. It must not draw its line by itself when the window changes: it may be hidden. */
function withoutResize(output: Writable): Writable {
  const own = new Writable({
    decodeStrings: false,
    write: (chunk: string, _encoding, done) => {
      output.write(chunk);
      done();
    },
  });
  return Object.defineProperty(own, "columns", { get: () => sizeOf(output).columns });
}
