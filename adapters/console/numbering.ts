import type { Writable } from "node:stream";
import type { Choice } from "../../adapter.ts";
import { numberable } from "../../adapter.ts";

/** What becomes of a typed line. */
export interface Typed {
  readonly onLine: (text: string) => void;
  readonly onChoice: (choice: Choice) => void;
}

/** Choices that are on the screen with numbers: until the next line, a typed number means one of them. */
export function createNumbering(output: Writable, { onLine, onChoice }: Typed) {
  let offered: readonly Choice[] = [];
  return {
    /** A number typed for something else must not move money: what is confirmed has a list or a code. */
    print: (choices: readonly Choice[]): void => {
      if (choices.length === 0) return;
      offered = numberable(choices);
      output.write(offered.map(({ label }, index) => `  ${index + 1}. ${label}\n`).join(""));
    },
    read: (text: string): void => {
      const number = /^\s*(\d{1,2})\s*$/u.exec(text)?.[1];
      const choice = number === undefined ? undefined : offered[Number(number) - 1];
      offered = [];
      if (choice === undefined) onLine(text);
      else onChoice(choice);
    },
    choose: (choice: Choice): void => {
      offered = [];
      onChoice(choice);
    },
  };
}
