import { userInfo } from "node:os";
import type { AdapterContext, AdapterSession, Health } from "../../core/adapter.ts";
import { conversationId } from "../../core/conversation-id.ts";
import { describeError } from "../../core/errors.ts";
import type { Choice } from "../../core/reply.ts";
import type { ConsoleRaw } from "./normalize.ts";
import { CHAT, normalizeConsole } from "./normalize.ts";
import type { ConsolePayload } from "./render.ts";
import type { ConsoleSettings } from "./settings.ts";
import { createScreen } from "./screen.ts";
import { openPrompt } from "./prompt.ts";

const EARLIER_MESSAGES = 4;

/** Starts the conversation in the terminal. Without a terminal the account is live but quiet. */
export async function connectConsole(
  context: AdapterContext<ConsoleSettings>,
): Promise<AdapterSession<ConsolePayload>> {
  const { settings, environment, accountName } = context;
  const input = settings.input ?? process.stdin;
  const output = settings.output ?? process.stdout;
  const isTerminal = "isTTY" in input && input.isTTY;
  if (!isTerminal && !settings.piped && settings.input === undefined) return quiet();
  const user = settings.user ?? userInfo().username;
  const conversation = conversationId({ platform: "console", account: accountName, chat: CHAT });
  const screen = createScreen(output, context.bot.name);
  const state = { closed: false, last: undefined as string | undefined };

  const hand = async (raw: ConsoleRaw): Promise<void> => {
    state.last = raw.at;
    try {
      await context.accept(normalizeConsole(raw), raw);
    } catch (thrown) {
      screen.note(`Not accepted, please try again (${describeError(thrown)})`);
    }
  };
  const stamp = () => ({ id: environment.newId(), at: new Date(environment.clock()).toISOString(), user });
  const prompt = openPrompt({
    input,
    output,
    onLine: (text) => void hand({ type: "line", ...stamp(), text }),
    onChoice: ({ id, value }: Choice) => void hand({ type: "choice", ...stamp(), choiceId: id, value }),
  });
  const earlier = await context.history(conversation, { limit: EARLIER_MESSAGES });
  screen.open(earlier);
  prompt.show();
  return {
    send: async ({ payload, key }) => {
      await prompt.interrupt();
      screen.reply(payload);
      prompt.offer(payload.choices);
      return { messageId: key };
    },
    live: ({ signal }) => {
      if (signal.type === "finished") {
        screen.settle();
        if (signal.replies === 0) prompt.show();
        return;
      }
      screen.live(signal);
    },
    typing: async () => await Promise.resolve(),
    health: (): Health => ({
      state: state.closed ? "closed" : "live",
      detail: isTerminal ? "talking in this terminal" : "reading lines",
      ...(state.last === undefined ? {} : { lastReceivedAt: state.last }),
    }),
    close: async () => {
      if (state.closed) return;
      state.closed = true;
      await prompt.close();
    },
  };
}

function quiet(): AdapterSession<ConsolePayload> {
  return {
    send: async ({ key }) => await Promise.resolve({ messageId: key }),
    health: () => ({ state: "live", detail: "no terminal here: quiet" }),
    close: async () => await Promise.resolve(),
  };
}
