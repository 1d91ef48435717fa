import { createInterface } from "node:readline";
import { keyPrompt } from "./key-prompt.ts";
import { createNumbering } from "./numbering.ts";
import type { Prompt, PromptOptions } from "./prompt.ts";
import { isTerminal, readsKeys } from "./terminal.ts";

/** Reads lines; a number typed while numbered choices stand is that choice. */
export function openPrompt(options: PromptOptions): Prompt {
  return readsKeys(options.input, options.output) ? keyPrompt(options, options.input) : linePrompt(options);
}

/** Where keys cannot be read: whole lines from a pipe, or from a terminal that edits them itself. */
function linePrompt(options: PromptOptions): Prompt {
  const { input, output, onEnd, style } = options;
  const numbers = createNumbering(output, options);
  const lines = createInterface({ input, terminal: false });
  let stands = false;
  const show = (): void => {
    if (!isTerminal(input)) return;
    output.write(`${style.marks.prompt} `);
    stands = true;
  };
  /** The cursor cannot be moved: what is printed begins below the mark. */
  const hide = (): void => {
    if (stands) output.write("\n");
    stands = false;
  };
  lines.on("line", (text) => {
    stands = false;
    if (text.trim() === "") show();
    else numbers.read(text);
  });
  lines.on("close", onEnd);
  return {
    show,
    hide,
    isShown: () => false,
    above: (write) => {
      const stood = stands;
      hide();
      write();
      if (stood) show();
    },
    offer: (choices) => {
      numbers.print(choices);
      show();
    },
    close: () => {
      lines.off("close", onEnd);
      lines.close();
    },
  };
}
