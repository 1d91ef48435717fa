import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { web } from "../../adapters/web/index.ts";
import { crew } from "../../agents/index.ts";
import { type Runtime, startRuntime } from "../../cli/runtime/runtime.ts";
import { validateConfig } from "../../core/config/index.ts";
import { Reply } from "../../core/reply.ts";
import type { Alerts } from "./alerts.ts";
import { weather } from "./weather.ts";

const Answer = z.object({ sessionId: z.string(), replies: z.array(Reply) });
const alerts: Alerts = new Map();
let directory = "";
let runtime: Runtime;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "parley-weather-"));
  const bots = {
    weather: { name: "Weather Desk", accounts: [web()], crew: crew({ model: "offline" }), tools: [weather(alerts)] },
  };
  const exported = { bots, dataDirectory: directory, gateway: { port: 0 }, log: { level: "silent" } };
  const config = validateConfig(exported, "bots.config.ts", { environment: {}, readFile: () => "" });
  const roles = new Set(["adapters", "workers", "gateway"] as const);
  runtime = await startRuntime({ config, file: "bots.config.ts", directory }, { roles });
}, 60_000);
afterAll(async () => {
  await runtime.close();
  await rm(directory, { recursive: true, force: true });
});

/** A conversation: what is answered to each of the messages. */
async function talk(...texts: readonly string[]): Promise<readonly (Reply | undefined)[]> {
  let sessionId: string | undefined;
  const answers: (Reply | undefined)[] = [];
  for (const text of texts) {
    const response = await fetch(new URL("/api/v1/chat?wait=50", runtime.url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text, ...(sessionId === undefined ? {} : { sessionId }) }),
    });
    const answer = Answer.parse(await response.json());
    ({ sessionId } = answer);
    answers.push(answer.replies[0]);
  }
  return answers;
}

it("asks for the place, and goes on with the day", { timeout: 120_000 }, async () => {
  const [asked, told, next] = await talk("do I need an umbrella tomorrow", "Lerwick", "no, in Stromness");
  expect(asked?.text).toBe("For which place?");
  expect(told?.text).toContain("Lerwick");
  expect(next?.text).toContain("Stromness");
});

it("speaks German to those who do", { timeout: 120_000 }, async () => {
  const [told] = await talk("Wie wird das Wetter in Emden?");
  expect(told?.text).toContain("Emden");
  expect(told?.text).toMatch(/Wind bis \d+ km\/h/u);
});

it("sets an alert once it is confirmed, by a yes as well", { timeout: 120_000 }, async () => {
  const [shown, done] = await talk("warn me about frost in Lerwick", "yes please");
  expect(shown?.proposal?.summary).toBe("Set a frost alert for Lerwick");
  expect(done?.text).toContain("Set a frost alert for Lerwick");
  expect([...alerts.values()]).toMatchObject([{ city: "Lerwick", kind: "frost" }]);
});
