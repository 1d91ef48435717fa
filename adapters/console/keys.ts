/** The keys of a terminal, one by one. There is one reader: two would share them and leave it in each other's mode. */
import { emitKeypressEvents } from "node:readline";
import type { Writable } from "node:stream";
import type { ReadStream } from "node:tty";
import { z } from "zod";

/** A key as Node's readline reads it. */
const RawKey = z.object({
  sequence: z.string().default(""),
  name: z.string().optional(),
  ctrl: z.boolean().default(false),
  meta: z.boolean().default(false),
});

/** A key, and what it is for. `edit`: for the line alone, such as Backspace or an arrow to the left. */
export interface Key {
  readonly kind: "text" | "enter" | "up" | "down" | "end" | "edit";
  /** Part of a paste: nobody chose anything by it. */
  readonly pasted: boolean;
  readonly text: string;
  readonly raw: z.infer<typeof RawKey>;
}

const PASTE_ON = "\u001B[?2004h";
const PASTE_OFF = "\u001B[?2004l";

export interface Keys {
  /** Lets the shell have the terminal until the process is continued. */
  readonly suspend: (onContinued: () => void) => void;
  /** Gives the terminal back as it was. */
  readonly release: () => void;
}

/** Reads keys until released. Ctrl-C interrupts the process. */
export function readKeys(input: ReadStream, output: Writable, onKey: (key: Key) => void): Keys {
  let pasted = false;
  const listener = (text: string | undefined, value: unknown): void => {
    const raw = RawKey.parse(value);
    if (raw.name === "paste-start" || raw.name === "paste-end") pasted = raw.name === "paste-start";
    else if (raw.ctrl && raw.name === "c") process.kill(process.pid, "SIGINT");
    else onKey({ kind: kindOf(text, raw), pasted, text: text ?? "", raw });
  };
  const take = (): void => {
    input.setRawMode(true);
    output.write(PASTE_ON);
  };
  const giveBack = (): void => {
    output.write(PASTE_OFF);
    input.setRawMode(false);
  };
  emitKeypressEvents(input);
  input.on("keypress", listener);
  take();
  input.resume();
  return {
    suspend: (onContinued) => {
      giveBack();
      process.once("SIGCONT", () => {
        take();
        onContinued();
      });
      process.kill(process.pid, "SIGTSTP");
    },
    release: () => {
      input.off("keypress", listener);
      giveBack();
      input.pause();
    },
  };
}

function kindOf(text: string | undefined, { name, ctrl, meta }: z.infer<typeof RawKey>): Key["kind"] {
  if (name === "return" || name === "enter") return "enter";
  if (name === "up" || name === "down") return name;
  if (ctrl && name === "d") return "end";
  return text !== undefined && !ctrl && !meta && /^\P{Cc}+$/u.test(text) ? "text" : "edit";
}
