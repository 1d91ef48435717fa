/** The built product whose budget is spent by one answer: who answers the next one, and what admins see of it. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { calls } from "../support/claude-crew-bench.ts";
import { startMessagesApi } from "../support/messages-api/server.ts";
import { buildOnce, removeData, runParley, startParley } from "../support/parley-process.ts";

const Answered = z.object({
  replies: z.array(z.object({ text: z.string(), model: z.string() })),
});

beforeAll(buildOnce);

it("goes on without the model, and the log, doctor, why and metrics name the cap", async () => {
  const api = await startMessagesApi();
  onTestFinished(async () => await api.close());
  const question = "What does a replacement card cost?";
  api.script([calls("search_documents", { query: question }), { text: "A replacement debit card costs €9.00. [1]" }]);
  const config = configIn(`budget: { bot: { tokens: 10 }, user: { tokens: 1_000_000 } }`);
  const { url, directory, log, stop } = await startParley({
    config,
    environment: { ANTHROPIC_API_KEY: "test-key", ANTHROPIC_BASE_URL: api.url },
  });
  onTestFinished(() => removeData(directory));
  onTestFinished(async () => void (await stop()));
  const ask = async (text: string, messageId: string) => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${url}/api/v1/chat`, {
      method: "POST",
      headers,
      body: JSON.stringify({ text, messageId }),
    });
    return Answered.parse(await response.json());
  };

  expect((await ask(question, "first")).replies).toMatchObject([{ model: expect.stringContaining("claude") }]);
  const second = await ask("What does a stolen card cost me?", "second");
  expect(second.replies).toMatchObject([{ model: "offline" }]);
  expect(api.requests).toHaveLength(2);

  expect(
    log()
      .split("\n")
      .filter((line) => line.includes("a budget of today is spent")),
  ).toEqual([expect.stringContaining("limits.budget.bot.tokens")]);
  expect(await (await fetch(`${url}/metrics`)).text()).toContain(
    'parley_budget_warnings_total{bot="harbour",scope="bot",level="spent"} 1',
  );
  const why = runParley(directory, "--config", config, "why", "second");
  expect(why.stdout).toMatch(
    /answered without a model: today's budget is spent: \d+ of 10 tokens \(limits\.budget\.bot\.tokens\)/u,
  );
  const doctor = runParley(directory, "--config", config, "doctor");
  expect(doctor.stdout).toContain("% of the bot's cap is spent");
  expect(doctor.stdout).toContain("Raise bots.harbour.limits.budget.bot.tokens");
});

function configIn(limits: string): string {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), "parley-budgets-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules", "parleyjs"));
  const file = join(folder, "bots.config.ts");
  const documents = JSON.stringify(join(root, "samples/bank/documents"));
  writeFileSync(
    file,
    `import { crew, defineConfig, web } from "parleyjs"; import { documents } from "parleyjs/documents";
export default defineConfig({ bots: { harbour: { name: "Harbour", accounts: [web()], crew: crew({ model: "auto" }),
  tools: [documents({ directory: ${documents} })], limits: { ${limits} } } } });
`,
  );
  return file;
}
