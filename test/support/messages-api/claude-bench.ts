import { type BaseMessage, HumanMessage, SystemMessage } from "@langchain/core/messages";
import { afterEach, beforeEach } from "vitest";
import { askModel, type CrewModel } from "../../../agents/models/ask-model.ts";
import { createClaude } from "../../../agents/models/claude.ts";
import type { ClaudeSettings } from "../../../agents/models/claude-settings.ts";
import type { ModelUsage } from "../../../agents/models/usage.ts";
import { ParleyError } from "../../../core/errors.ts";
import { type ManualTiming, manualTiming } from "../manual-timing.ts";
import { startMessagesApi, type MessagesApi } from "./server.ts";

export const question = [new SystemMessage("You are a bank clerk."), new HumanMessage("How much have I got?")];

/** Gives each test of a file a fresh server, and models on it whose time stands still; their pauses are written down. */
export function claudeBench() {
  let api: MessagesApi;
  let pauses: number[];
  let time: ManualTiming;
  beforeEach(async () => {
    api = await startMessagesApi();
    pauses = [];
    time = manualTiming((milliseconds) => void pauses.push(milliseconds));
  });
  afterEach(() => api.close());
  return {
    api: () => api,
    pauses: () => pauses,
    time: () => time,
    claude: (settings: Partial<ClaudeSettings> = {}) =>
      createClaude({ apiKey: () => "test-key", baseUrl: api.url, random: () => 0, timing: time, ...settings }),
  };
}

/** The error that a call must end in. */
export async function failureOf(call: Promise<unknown>): Promise<ParleyError> {
  const thrown: unknown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof ParleyError) return thrown;
  throw new Error(`Expected a ParleyError, got ${String(thrown)}`, { cause: thrown });
}

/** Asks a model with retries, continuations and watches; `onText` sees what has come so far. */
export async function ask(model: CrewModel, asking: Asking = {}) {
  const { messages = question, tools, signal = new AbortController().signal, onText = () => undefined } = asking;
  let text = "";
  const spent: ModelUsage[] = [];
  const shown: string[] = [];
  const bound = tools === undefined ? undefined : model.model.bindTools?.([...tools]);
  const run = askModel(model, {
    messages: () => messages,
    bound,
    signal,
    onSpent: (usage) => spent.push(usage),
    ...(asking.isHidden !== true && {
      show: {
        text: (piece) => {
          text += piece;
          shown.push(piece);
          onText(text);
        },
        takeBack: () => {
          text = "";
          shown.push("⟲");
        },
      },
    }),
  });
  const settled = await run.then(
    (answer) => ({ answer, thrown: undefined }),
    (thrown: unknown) => ({ answer: undefined, thrown }),
  );
  return { ...settled, text, shown, spent };
}

interface Asking {
  readonly messages?: readonly BaseMessage[];
  readonly tools?: readonly { readonly name: string; readonly description: string; readonly input_schema: object }[];
  readonly signal?: AbortSignal;
  readonly onText?: (text: string) => void;
  /** True where nobody sees the answer while it comes. */
  readonly isHidden?: boolean;
}

/** The text of an answer that must come. */
export async function answerTo(model: CrewModel, asking: Asking = {}): Promise<string> {
  const { answer, thrown } = await ask(model, { isHidden: true, ...asking });
  if (answer === undefined) throw thrown;
  return answer.text;
}
