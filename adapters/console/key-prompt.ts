import type { ReadStream } from "node:tty";
import type { Choice } from "../../adapter.ts";
import { type Chooser, openChooser } from "./chooser.ts";
import { type Key, readKeys } from "./keys.ts";
import { type Line, openLine } from "./line.ts";
import { createNumbering } from "./numbering.ts";
import type { Prompt, PromptOptions } from "./prompt.ts";

/** An Enter so soon after a list came was meant for something else. */
const STEADY_MS = 500;

/** The prompt of a terminal whose keys are read one by one: each goes to the line, or to the list while one stands. */
export function keyPrompt(options: PromptOptions, input: ReadStream): Prompt {
  const { output, style, onEnd, onTyping } = options;
  const mark = style.colors.cyan(`${style.marks.prompt} `);
  const numbers = createNumbering(output, options);
  const list = createList(options, (choice) => {
    output.write(`${mark}${choice.label}\n`);
    numbers.choose(choice);
  });
  let closed = false;
  const show = (): void => {
    if (!closed && !list.isOpen()) line.show();
  };
  const onKey = (key: Key): void => {
    const beginsLine = key.pasted || key.kind === "text" || key.kind === "end";
    if (!line.isShown() && !beginsLine) return list.press(key);
    list.close();
    if (!line.isShown()) onTyping();
    show();
    // Enter on an empty line says nothing, and leaves no row behind.
    if (key.kind !== "enter" || key.pasted || !line.isEmpty()) line.press(key);
  };
  const redraw = (): void => {
    list.draw();
    line.redraw();
  };
  const release = (): void => {
    if (closed) return;
    closed = true;
    output.off("resize", redraw);
    keys.release();
  };
  const line = openLine({
    output,
    mark,
    onLine: (text) => (text.trim() === "" ? show() : numbers.read(text)),
    onSuspend: () => keys.suspend(redraw),
    onEnd: () => {
      release();
      output.write("\n");
      onEnd();
    },
  });
  const keys = readKeys(input, output, onKey);
  output.on("resize", redraw);
  return {
    ...onScreen({ line, list, numbers, show }),
    show,
    close: () => {
      list.close();
      line.hide();
      release();
      line.close();
    },
  };
}

interface Shown {
  readonly line: Line;
  readonly list: ReturnType<typeof createList>;
  readonly numbers: ReturnType<typeof createNumbering>;
  readonly show: () => void;
}

function onScreen({ line, list, numbers, show }: Shown): Omit<Prompt, "show" | "close"> {
  return {
    hide: () => {
      numbers.print(list.close());
      line.hide();
    },
    isShown: () => line.isShown() || list.isOpen(),
    above: (write) => {
      const wasShown = line.isShown();
      list.erase();
      line.hide();
      write();
      list.draw();
      if (wasShown) show();
    },
    offer: (choices) => {
      if (choices.length > 0 && line.isEmpty()) return list.open(choices);
      // What is being typed stays; its choices have numbers.
      numbers.print(choices);
      show();
    },
  };
}

/** The list that stands now, if one does. */
function createList({ output, style }: Pick<PromptOptions, "output" | "style">, onChoice: (choice: Choice) => void) {
  let chooser: Chooser | undefined;
  let steadyAt = 0;
  const close = (): readonly Choice[] => {
    const { choices } = chooser ?? { choices: [] };
    chooser?.erase();
    chooser = undefined;
    return choices;
  };
  return {
    isOpen: () => chooser !== undefined,
    open: (choices: readonly Choice[]): void => {
      chooser = openChooser(choices, output, style);
      steadyAt = Date.now() + STEADY_MS;
    },
    /** Takes it off the screen; gives what it offered. */
    close,
    press: ({ kind }: Key): void => {
      if (kind === "up") chooser?.move(-1);
      if (kind === "down") chooser?.move(1);
      const choice = chooser?.marked();
      if (kind !== "enter" || choice === undefined || Date.now() < steadyAt) return;
      close();
      onChoice(choice);
    },
    draw: () => chooser?.draw(),
    erase: () => chooser?.erase(),
  };
}
