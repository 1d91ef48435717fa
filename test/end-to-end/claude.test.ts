/** The built product with a key: its bundle holds LangGraph, the model's library comes from node_modules. */
import { beforeAll, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { calls } from "../support/claude-crew-bench.ts";
import { startMessagesApi } from "../support/messages-api/server.ts";
import { buildOnce, removeData, startParley } from "../support/parley-process.ts";

const Answered = z.object({
  replies: z.array(
    z.object({ text: z.string(), model: z.string(), sources: z.array(z.object({ title: z.string() })).min(1) }),
  ),
});

beforeAll(buildOnce);

it("answers on Claude, with what it found in the documents", async () => {
  const question = "What does a replacement card cost?";
  const api = await startMessagesApi();
  onTestFinished(async () => await api.close());
  const found = { text: "A replacement debit card costs €9.00. [1]" };
  api.script([calls("search_documents", { query: question }), found]);
  const { url, directory, stop } = await startParley({
    environment: { ANTHROPIC_API_KEY: "test-key", ANTHROPIC_BASE_URL: api.url },
  });
  onTestFinished(() => removeData(directory));
  onTestFinished(async () => void (await stop()));
  const response = await fetch(`${url}/api/v1/chat`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text: question }),
  });
  const { replies } = Answered.parse(await response.json());
  expect(replies).toMatchObject([{ text: found.text, model: expect.stringContaining("claude") }]);
  expect(api.requests).toHaveLength(2);
});
