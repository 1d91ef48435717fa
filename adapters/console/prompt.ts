import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import select, { Separator } from "@inquirer/select";
import pc from "picocolors";
import type { Choice } from "../../core/reply.ts";

/** The line the person types on, and the menu they choose from. */
export interface Prompt {
  readonly show: () => void;
  /** Ends an open menu, so that a reply can be printed. */
  readonly interrupt: () => Promise<void>;
  /** Offers the choices: a menu by arrow keys in a terminal, numbers elsewhere. */
  readonly offer: (choices: readonly Choice[]) => void;
  readonly close: () => Promise<void>;
}

export interface PromptOptions {
  readonly input: Readable;
  readonly output: Writable;
  readonly onLine: (text: string) => void;
  readonly onChoice: (choice: Choice) => void;
}

const TYPE_SOMETHING: Choice = { id: "type", label: "(type something else)", value: "" };

interface PromptState {
  offered: readonly Choice[];
  menu: AbortController | undefined;
  done: Promise<void>;
  closed: boolean;
}

/** Reads lines with history; a number typed while choices stand is that choice. */
export function openPrompt(options: PromptOptions): Prompt {
  const { input, output, onLine, onChoice } = options;
  const terminal = "isTTY" in input && Boolean(input.isTTY);
  const state: PromptState = { offered: [], menu: undefined, done: Promise.resolve(), closed: false };
  const lines = createInterface({
    input,
    output,
    terminal,
    historySize: 200,
    prompt: pc.cyan("› "),
    removeHistoryDuplicates: true,
  });
  const show = (): void => {
    if (terminal && !state.closed && state.menu === undefined) lines.prompt(true);
  };
  const choose = async (choices: readonly Choice[]): Promise<void> => {
    lines.pause();
    const chosen = await openMenu(choices, state, options);
    if (!state.closed) lines.resume();
    if (chosen !== undefined) onChoice(chosen);
    show();
  };
  lines.on("line", (text) => {
    const number = /^\s*(\d{1,2})\s*$/u.exec(text)?.[1];
    const choice = number === undefined ? undefined : state.offered[Number(number) - 1];
    state.offered = [];
    if (choice === undefined) onLine(text);
    else onChoice(choice);
  });
  lines.on("SIGINT", interruptProcess);
  return {
    show,
    interrupt: async () => {
      state.menu?.abort();
      await state.done;
      if (terminal) output.write("\r\u001B[2K");
    },
    offer: (choices) => {
      state.offered = choices;
      if (choices.length === 0) show();
      else if (terminal) state.done = choose(choices);
      else output.write(`${choices.map(({ label }, index) => `  ${index + 1}. ${label}`).join("\n")}\n`);
    },
    close: async () => {
      state.closed = true;
      state.menu?.abort();
      await state.done;
      lines.close();
    },
  };
}

/** The menu by arrow keys; undefined when the person would rather type, or a reply came in between. */
async function openMenu(
  choices: readonly Choice[],
  state: PromptState,
  { input, output }: Pick<PromptOptions, "input" | "output">,
): Promise<Choice | undefined> {
  const controller = new AbortController();
  state.menu = controller;
  const entries = choices.map((choice) => ({ name: choice.label, value: choice }));
  try {
    const chosen = await select(
      {
        message: "Choose",
        choices: [...entries, new Separator(), { name: TYPE_SOMETHING.label, value: TYPE_SOMETHING }],
      },
      { input, output, signal: controller.signal, clearPromptOnDone: true },
    );
    state.offered = [];
    return chosen === TYPE_SOMETHING ? undefined : chosen;
  } catch (thrown) {
    // An interrupted menu rejects: by a reply (nothing to do), or by Ctrl-C, which then means what it always means.
    if (thrown instanceof Error && thrown.name === "ExitPromptError") interruptProcess();
    return undefined;
  } finally {
    state.menu = undefined;
  }
}

function interruptProcess(): void {
  process.kill(process.pid, "SIGINT");
}
