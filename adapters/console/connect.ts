import { userInfo } from "node:os";
import { resolve } from "node:path";
import type { AdapterContext, AdapterSession, Choice, Health, ReplyFile } from "../../adapter.ts";
import { conversationId, describeError } from "../../adapter.ts";
import type { ConsoleRaw } from "./normalize.ts";
import { keepBelow } from "./above.ts";
import { normalizeConsole } from "./normalize.ts";
import type { ConsolePayload } from "./render.ts";
import { saveFile } from "./save-file.ts";
import type { ConsoleSettings } from "./settings.ts";
import { createScreen, type Screen } from "./screen.ts";
import { openPrompt } from "./open-prompt.ts";
import type { Prompt } from "./prompt.ts";
import { isTerminal, styleOf } from "./terminal.ts";

const EARLIER_MESSAGES = 4;
const CLOSED = "The conversation in this terminal is closed; the bots run on. Ctrl-C stops them.";
const LOOK_AGAIN_MS = 50;

/** Starts the conversation in the terminal. Without a terminal the account is live but quiet. */
export async function connectConsole(
  context: AdapterContext<ConsoleSettings>,
): Promise<AdapterSession<ConsolePayload>> {
  const { settings, environment, accountName } = context;
  const input = settings.input ?? process.stdin;
  const output = settings.output ?? process.stdout;
  if (!isTerminal(input) && !settings.piped && settings.input === undefined) return quiet();
  const user = settings.user ?? userInfo().username;
  const conversation = conversationId({ platform: "console", account: accountName, chat: user });
  const style = styleOf(output);
  const screen = createScreen(output, context.bot.name, { style, isTyping: () => prompt.isShown() });
  const state: { closed: boolean; last?: string } = { closed: false };
  const open = openLines(settings.piped, () => !state.closed);

  const hand = handIn(context, { state, open, note });
  const stamp = () => ({ id: environment.newId(), at: new Date(environment.clock()).toISOString(), user });
  const prompt = openPrompt({
    input,
    output,
    style,
    onLine: (text) => void hand({ type: "line", ...stamp(), text }),
    onChoice: ({ id, value }: Choice) => void hand({ type: "choice", ...stamp(), choiceId: id, value }),
    onTyping: screen.settle,
    onEnd: () => {
      if (!settings.piped) screen.note(CLOSED);
      open.end();
    },
  });
  function note(text: string): void {
    prompt.hide();
    screen.note(text);
    prompt.show();
  }
  const release = keepBelow(prompt);
  // Whoever read the output is gone: nobody sees what would be said.
  output.once("error", open.stop);
  screen.open(await context.history(conversation, { limit: EARLIER_MESSAGES }));
  prompt.show();
  return {
    ...speaking({ screen, prompt, open, save: async (file) => await savedFile(file, context) }),
    typing: async () => {},
    health: (): Health => ({
      state: state.closed ? "closed" : "live",
      detail: isTerminal(input) ? "talking in this terminal" : "reading lines",
      ...(state.last === undefined ? {} : { lastReceivedAt: state.last }),
    }),
    close: async () => {
      if (state.closed) return;
      state.closed = true;
      release();
      prompt.close();
    },
  };
}

/** How replies, and what comes before them, get onto the screen. */
function speaking({
  screen,
  prompt,
  open,
  save,
}: {
  readonly screen: Screen;
  readonly prompt: Prompt;
  readonly open: ReturnType<typeof openLines>;
  readonly save: (file: ReplyFile) => Promise<string>;
}): Pick<AdapterSession<ConsolePayload>, "send" | "live"> {
  return {
    send: async ({ payload, key, eventId, replyIndex, replyCount }) => {
      const below = await Promise.all(payload.files.map(save));
      prompt.hide();
      screen.reply(payload, { isFirst: replyIndex === 0, below });
      prompt.offer(payload.choices);
      // The receipt comes first: a reply that ends the process was delivered.
      if (replyIndex + 1 === replyCount) setTimeout(() => open.answered(eventId), 0);
      return { messageId: key };
    },
    live: ({ signal, eventId }) => {
      if (signal.type !== "finished") return screen.live(signal);
      // Lines of a burst have one answer, which names the first of them.
      for (const id of signal.covered ?? []) if (id !== eventId) open.answered(id);
      if (signal.replies > 0) return;
      if (!prompt.isShown()) screen.settle();
      prompt.show();
      open.answered(eventId);
    },
  };
}

/** Saves a file; gives the line that says where it is, or that it could not be kept. */
async function savedFile(
  file: ReplyFile,
  { settings, openFile }: Pick<AdapterContext<ConsoleSettings>, "settings" | "openFile">,
): Promise<string> {
  try {
    return `Saved: ${await saveFile(file, resolve(settings.folder ?? "."), openFile)}`;
  } catch (thrown) {
    return `${file.name} could not be saved (${describeError(thrown)}). Set \`folder\` of the console account to a folder that can be written.`;
  }
}

/** Hands a line or a choice in; one that is not accepted is said. */
function handIn(
  context: AdapterContext<ConsoleSettings>,
  {
    state,
    open,
    note,
  }: {
    readonly state: { last?: string };
    readonly open: ReturnType<typeof openLines>;
    readonly note: (text: string) => void;
  },
): (raw: ConsoleRaw) => Promise<void> {
  return async (raw) => {
    state.last = raw.at;
    try {
      open.add(raw.id);
      const accepted = await context.accept(normalizeConsole(raw), raw);
      if (accepted?.status === "accepted") open.add(accepted.eventId);
    } catch (thrown) {
      note(`Not accepted, please try again (${describeError(thrown)})`);
    } finally {
      open.answered(raw.id);
    }
  };
}

/** Lines that are not answered yet. A pipe that was read through ends the process once all of them are. */
function openLines(piped: boolean, isOpen: () => boolean) {
  const waiting = new Set<string>();
  const state = { ended: false };
  const endWhenAnswered = (): void => {
    if (!piped || !state.ended || !isOpen() || waiting.size > 0) return;
    // A pipe may end before the process is up and listens: then nothing would be closed.
    if (process.listenerCount("SIGTERM") > 0) process.kill(process.pid, "SIGTERM");
    else setTimeout(endWhenAnswered, LOOK_AGAIN_MS);
  };
  return {
    add: (id: string): void => void waiting.add(id),
    answered: (id: string): void => {
      waiting.delete(id);
      endWhenAnswered();
    },
    end: (): void => {
      state.ended = true;
      endWhenAnswered();
    },
    stop: (): void => {
      state.ended = true;
      waiting.clear();
      endWhenAnswered();
    },
  };
}

function quiet(): AdapterSession<ConsolePayload> {
  return {
    send: async ({ key }) => ({ messageId: key }),
    health: () => ({ state: "live", detail: "no terminal here: quiet" }),
    close: async () => {},
  };
}
