import { AIMessage, AIMessageChunk, ToolMessage, type BaseMessage } from "@langchain/core/messages";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { defineTool } from "../../core/define-tool.ts";
import { crewBench } from "../../test/support/crew-bench.ts";
import { packOf } from "../../test/support/tool-pack.ts";
import { AnsweringModel } from "../testing/answering-model.ts";
import { textOf } from "../models/message-content.ts";

let bench: Awaited<ReturnType<typeof crewBench>> | undefined;
afterEach(async () => await bench?.close());

const lookUp = defineTool({
  name: "look_up",
  description: "looks up a word",
  input: z.strictObject({ word: z.string() }),
  risk: "low",
  confirmation: "never",
  scopes: ["public"],
  depends: "public",
  execute: async ({ word }) => ({ value: { meaning: `meaning of ${word}` } }),
});

type Call = { readonly word: string; readonly id?: string };

/** What a model is told at last that asks for these, one list after the other; some local servers give every call one id, or none. */
async function toldOf(...rounds: readonly (readonly Call[])[]): Promise<readonly BaseMessage[]> {
  const requests: (readonly BaseMessage[])[] = [];
  const model = new AnsweringModel("local", async function* ({ messages }) {
    const calls = rounds[requests.push(messages) - 1];
    yield new AIMessageChunk({
      content: calls === undefined ? "That is all." : "",
      tool_call_chunks: (calls ?? []).map(({ word, id }, index) => ({
        type: "tool_call_chunk",
        name: "look_up",
        args: JSON.stringify({ word }),
        index,
        ...(id !== undefined && { id }),
      })),
      response_metadata: { finish_reason: "stop" },
    });
  });
  bench = await crewBench({ crew: { model, roles: "single" }, packs: [packOf(lookUp)] });
  const { reply } = await bench.talk("anna").say("what do these words mean?");
  expect(reply.text).toBe("That is all.");
  return requests.at(-1) ?? [];
}

/** Each call with the results that bear its id. */
const answered = (messages: readonly BaseMessage[]) =>
  messages
    .flatMap((message) => (AIMessage.isInstance(message) ? (message.tool_calls ?? []) : []))
    .map(({ args, id }) => ({
      word: args["word"],
      results: messages.flatMap((one) =>
        ToolMessage.isInstance(one) && id !== undefined && one.tool_call_id === id ? [textOf(one)] : [],
      ),
    }));

describe("calls and their results", () => {
  test.each<[string, readonly (readonly Call[])[]]>([
    [
      "that share one id",
      [
        [
          { word: "one", id: "x" },
          { word: "two", id: "x" },
        ],
      ],
    ],
    ["without any id", [[{ word: "one" }, { word: "two" }]]],
    [
      "with an empty id",
      [
        [
          { word: "one", id: "" },
          { word: "two", id: "" },
        ],
      ],
    ],
    ["whose ids begin anew in each answer", [[{ word: "one", id: "call_0" }], [{ word: "two", id: "call_0" }]]],
  ])("belong together %s", async (_, rounds) => {
    expect(answered(await toldOf(...rounds))).toEqual([
      { word: "one", results: [expect.stringContaining("meaning of one")] },
      { word: "two", results: [expect.stringContaining("meaning of two")] },
    ]);
  });
});
