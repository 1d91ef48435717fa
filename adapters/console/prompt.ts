import type { Readable, Writable } from "node:stream";
import type { Choice } from "../../adapter.ts";
import type { Typed } from "./numbering.ts";
import type { Style } from "./terminal.ts";

/** The line the person types on, and the list they choose from. */
export interface Prompt {
  readonly show: () => void;
  /** Takes the line or the list off the screen, so that something can be printed. What was typed is kept. */
  readonly hide: () => void;
  /** Whether the line or the list is on the screen. */
  readonly isShown: () => boolean;
  /** Lets something be printed above the line or the list. */
  readonly above: (write: () => void) => void;
  /** Offers the choices: a list by arrow keys in a terminal, numbers elsewhere. */
  readonly offer: (choices: readonly Choice[]) => void;
  readonly close: () => void;
}

export interface PromptOptions extends Typed {
  readonly input: Readable;
  readonly output: Writable;
  readonly style: Style;
  /** Typing began while neither the line nor the list was on the screen: the line is shown next. */
  readonly onTyping: () => void;
  /** The input is at its end (a pipe that was read through, Ctrl-D). */
  readonly onEnd: () => void;
}
