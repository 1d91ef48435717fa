/** What webhooks of the product tell besides chats: a message that failed for good, documents, trainings, and logins under attack. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { type Runtime, startRuntime } from "../../cli/runtime/runtime.ts";
import type { CrewFactory } from "../../core/bot.ts";
import { env } from "../../core/config/index.ts";
import { validateConfig } from "../../core/config/validate.ts";
import { packageDirectory } from "../../core/package-directory.ts";
import { verifyWebhook } from "../../gateway/webhooks/verify.ts";
import { bank, crew, web } from "../../index.ts";
import { documents } from "../../tools/rag/index.ts";
import { recommend } from "../../tools/recommend/index.ts";
import { eventually } from "../support/eventually.ts";
import { buildOnce, runParley } from "../support/parley-process.ts";
import { PASSWORD } from "../support/test-identity.ts";
import { type WebhookReceiver, webhookReceiver } from "../support/webhook-receiver.ts";

const folder = mkdtempSync(join(tmpdir(), "parley-webhook-news-"));
const papers = join(folder, "papers");
const TRUSTED = "a-trusted-token-of-some-length";
let runtime: Runtime;

/** The embedded brain, but for one message that nobody can digest. */
function stumbling(): CrewFactory {
  const whole = crew({ model: "offline" });
  return {
    ...whole,
    open: async (context) => {
      const opened = await whole.open(context);
      return {
        ...opened,
        run: async (turn, signals) => {
          if (turn.text === "stumble") throw new Error("Nothing works.");
          return await opened.run(turn, signals);
        },
      };
    },
  };
}

beforeAll(async () => {
  buildOnce();
  mkdirSync(papers);
  writeFileSync(join(papers, "cards.md"), "# Cards\n\nA replacement card costs 8 euros.\n");
  const tools = [documents({ directory: papers, refreshSeconds: 0 }), bank(), recommend()];
  const exported = {
    bots: { harbour: { name: "Harbour", accounts: [web()], crew: stumbling(), tools } },
    gateway: { port: 0, trustedToken: env("TRUSTED"), webhooks: { internalHosts: ["127.0.0.1"] } },
    log: { level: "silent" },
  };
  const config = validateConfig(exported, "bots.config.ts", {
    environment: { PARLEY_DATA: folder, TRUSTED },
    readFile: () => expect.fail("no file is read"),
  });
  const loaded = { config, file: "bots.config.ts", directory: packageDirectory() };
  runtime = await startRuntime(loaded, { roles: new Set(["adapters", "workers", "gateway"]) });
}, 600_000);
afterAll(async () => {
  await runtime.close();
  rmSync(folder, { recursive: true, force: true });
});

async function post(path: string, body: unknown, token?: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${runtime.url ?? ""}/api/v1${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: z.unknown().parse(await response.json()) };
}

/** Somebody who asked for one kind of event. */
async function listen(type: string): Promise<{ receiver: WebhookReceiver; secret: string }> {
  const receiver = await webhookReceiver();
  const made = await post("/webhooks", { bot: "harbour", url: receiver.url, events: [type] }, TRUSTED);
  return { receiver, secret: z.object({ secret: z.string() }).parse(made.body).secret };
}

/** Its first event, signed; whatever comes twice would come while another one is awaited that was told later. */
async function heard({ receiver, secret }: Awaited<ReturnType<typeof listen>>, count = 1) {
  await eventually(() => expect(receiver.got.length).toBeGreaterThanOrEqual(count));
  const told = receiver.got.map(({ headers, body }) => verifyWebhook({ headers, body: Buffer.from(body) }, secret));
  expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
  expect(told).toHaveLength(count);
  return told;
}

it("tells of a message that failed for good, without its words", { timeout: 240_000 }, async () => {
  const ear = await listen("dead_letter.created");
  await post("/chat?wait=40", { text: "stumble" });
  const [told] = await heard(ear);
  expect(told).toMatchObject({
    type: "dead_letter.created",
    bot: "harbour",
    data: { conversation: expect.stringMatching(/^web:main:/u), attempts: expect.any(Number) },
  });
  expect(ear.receiver.got[0]?.body).not.toContain("stumble");
  const { id } = (await runtime.store.conversations.list({ bot: "harbour", limit: 1 }))[0] ?? {};
  expect(told?.data["conversation"]).toBe(id);
});

it("tells of a document that was added, and of one that was changed", { timeout: 240_000 }, async () => {
  const ear = await listen("document.changed");
  const ask = async () => await post("/chat", { text: "What does a replacement card cost?" });
  writeFileSync(join(papers, "loans.md"), "# Loans\n\nA loan costs 4 percent a year.\n");
  await eventually(async () => {
    await ask();
    expect(ear.receiver.got.length).toBeGreaterThan(0);
  });
  expect(await heard(ear)).toMatchObject([{ bot: "harbour", data: { document: "loans.md", change: "added" } }]);
  writeFileSync(join(papers, "loans.md"), "# Loans\n\nA loan costs 5 percent a year, and a fee.\n");
  await eventually(async () => {
    await ask();
    expect(ear.receiver.got.length).toBeGreaterThan(1);
  });
  expect((await heard(ear, 2)).map(({ data }) => data["change"])).toEqual(["added", "updated"]);
});

it("tells of a training, by a call and by the command line beside the server", { timeout: 240_000 }, async () => {
  const ear = await listen("training.finished");
  const called = await post("/recommendations/refresh-model", { wait: true, force: true }, TRUSTED);
  expect(called).toMatchObject({ status: 200, body: { status: "replaced", version: "v0001" } });
  expect(await heard(ear)).toMatchObject([
    { type: "training.finished", bot: "harbour", data: { outcome: "replaced", version: "v0001" } },
  ]);
  const { status, stderr } = runParley(folder, "recommender", "train", "--force");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect((await heard(ear, 2)).find(({ data }) => data["version"] === "v0002")).toMatchObject({
    bot: "harbour",
    data: { outcome: "replaced" },
  });
});

it("tells of a login that was guessed at until it was locked", { timeout: 240_000 }, async () => {
  const { secret } = (await runtime.firstOwnerLink()) ?? expect.fail("no link");
  const owner = { secret, login: "jana@example.org", name: "Jana", password: PASSWORD };
  expect((await post("/auth/first-owner", owner)).status).toBeLessThan(300);
  const ear = await listen("alert.raised");
  for (let guess = 0; guess < 6; guess += 1)
    await post("/auth/login", { login: "jana@example.org", password: `guess ${guess}` });
  const [told] = await heard(ear);
  expect(told).toMatchObject({ bot: "harbour", data: { kind: "failed-logins", about: expect.any(String) } });
  expect(ear.receiver.got[0]?.body).not.toMatch(/jana|guess|127\.0\.0\.1/u);
});
