import type { AIMessageChunk } from "@langchain/core/messages";
import { HumanMessage, SystemMessage } from "@langchain/core/messages";
import { afterEach, beforeEach } from "vitest";
import { createClaude } from "../../../agents/models/claude.ts";
import type { ClaudeSettings } from "../../../agents/models/claude-settings.ts";
import { textOf } from "../../../agents/models/message-content.ts";
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

/** Reads a stream to its end or its failure; `onText` sees what has come so far. */
export async function read(stream: AsyncIterable<AIMessageChunk>, onText: (text: string) => void = () => undefined) {
  let text = "";
  try {
    for await (const chunk of stream) {
      text += textOf(chunk);
      onText(text);
    }
  } catch (thrown) {
    return { text, thrown };
  }
  return { text, thrown: undefined };
}
