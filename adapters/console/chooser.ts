import { clearScreenDown, cursorTo, moveCursor } from "node:readline";
import type { Writable } from "node:stream";
import type { Choice } from "../../adapter.ts";
import { cutText } from "../../adapter.ts";
import { sizeOf, type Style } from "./terminal.ts";

/** A list of choices on the screen, one of them marked. */
export interface Chooser {
  readonly choices: readonly Choice[];
  readonly marked: () => Choice | undefined;
  /** Moves the mark; it goes round at both ends. */
  readonly move: (step: 1 | -1) => void;
  readonly draw: () => void;
  /** Takes the list off the screen. */
  readonly erase: () => void;
}

/** Draws the list below what was printed last, the first choice marked. Each choice is one row, whatever the width. */
export function openChooser(choices: readonly Choice[], output: Writable, { colors, marks }: Style): Chooser {
  let at = 0;
  let drawn = 0;
  const erase = (): void => {
    cursorTo(output, 0);
    moveCursor(output, 0, -drawn);
    clearScreenDown(output);
    drawn = 0;
  };
  const draw = (): void => {
    erase();
    const { rows, columns } = sizeOf(output);
    const most = Math.max(1, Math.min(choices.length, rows - 2));
    const from = Math.max(0, Math.min(at - Math.floor(most / 2), choices.length - most));
    const lines = choices.slice(from, from + most).map(({ label }, index) => {
      const isMarked = from + index === at;
      const line = cutText(`${isMarked ? marks.pointer : " "} ${label}`, columns - 1, marks.ellipsis);
      return isMarked ? colors.cyan(line) : line;
    });
    lines.push(colors.dim(cutText(marks.chooseHint, columns - 1)));
    output.write(lines.map((line) => `${line}\n`).join(""));
    drawn = lines.length;
  };
  draw();
  return {
    choices,
    marked: () => choices[at],
    move: (step) => {
      at = (at + step + choices.length) % choices.length;
      draw();
    },
    draw,
    erase,
  };
}
