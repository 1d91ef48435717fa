/** Webhooks of the product as it runs: a receiver hears what happens in the sample bank, signed, and each of it once. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { startRuntime, type Runtime } from "../../cli/runtime/runtime.ts";
import { env } from "../../core/config/index.ts";
import { validateConfig } from "../../core/config/validate.ts";
import { conversationId } from "../../core/conversation-id.ts";
import { packageDirectory } from "../../core/package-directory.ts";
import { openSqlite } from "../../core/store/sqlite/driver.ts";
import { verifyWebhook } from "../../gateway/webhooks/verify.ts";
import { bank, crew, web } from "../../index.ts";
import { eventually } from "../support/eventually.ts";
import { type WebhookReceiver, webhookReceiver } from "../support/webhook-receiver.ts";

const folder = mkdtempSync(join(tmpdir(), "parley-webhooks-"));
/** Webhooks are made by the systems of whoever runs this; people chat as guests. */
const TRUSTED = "a-trusted-token-of-some-length";
let runtime: Runtime;

async function start(): Promise<Runtime> {
  const exported = {
    bots: { harbour: { name: "Harbour", accounts: [web()], crew: crew({ model: "offline" }), tools: [bank()] } },
    gateway: { port: 0, trustedToken: env("TRUSTED"), webhooks: { internalHosts: ["127.0.0.1"] } },
    log: { level: "silent" },
  };
  const config = validateConfig(exported, "bots.config.ts", {
    environment: { PARLEY_DATA: folder, TRUSTED },
    readFile: () => expect.fail("no file is read"),
  });
  const loaded = { config, file: "bots.config.ts", directory: packageDirectory() };
  return await startRuntime(loaded, { roles: new Set(["adapters", "workers", "gateway"]) });
}

beforeAll(async () => {
  runtime = await start();
}, 120_000);
afterAll(async () => await runtime.close());

async function call(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${runtime.url ?? ""}/api/v1${path}`, {
    method,
    headers: {
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(path.startsWith("/webhooks") && { authorization: `Bearer ${TRUSTED}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) expect.fail(`${method} ${path}: ${response.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

const Said = z.looseObject({
  sessionId: z.string(),
  replies: z.array(z.looseObject({ proposal: z.looseObject({ id: z.string() }).optional() })),
});
const say = async (text: string, sessionId?: string) => Said.parse(await call("POST", "/chat", { text, sessionId }));

const Made = z.looseObject({ id: z.string(), secret: z.string() });
const register = async (receiver: WebhookReceiver, events: readonly string[]) =>
  Made.parse(await call("POST", "/webhooks", { bot: "harbour", url: receiver.url, events }));

/** What arrived, each signed, in the order in which it happened. */
const heard = (receiver: WebhookReceiver, secret: string) =>
  receiver.got
    .map(({ headers, body }) => verifyWebhook({ headers, body: Buffer.from(body) }, secret))
    .toSorted((one, other) => one.timestamp.localeCompare(other.timestamp));
const typesOf = (receiver: WebhookReceiver, secret: string) => heard(receiver, secret).map(({ type }) => type);

it("tells of messages, replies, a proposal and its execution", async () => {
  const receiver = await webhookReceiver();
  const wanted = ["message.received", "reply.sent", "proposal.created", "execution.finished"];
  const { id, secret } = await register(receiver, wanted);
  const { sessionId } = await say("link ANNA-7K42");
  const { replies } = await say("Send 25 euros to Jana", sessionId);
  const proposalId = replies.find(({ proposal }) => proposal !== undefined)?.proposal?.id ?? expect.fail("no proposal");
  await call("POST", "/actions/confirm", { sessionId, proposalId });
  await eventually(() => {
    const types = typesOf(receiver, secret);
    expect(types.filter((type) => type === "message.received").length).toBeGreaterThanOrEqual(3);
    expect(types.filter((type) => type === "reply.sent").length).toBeGreaterThanOrEqual(3);
    expect(types).toContain("execution.finished");
  });
  const told = heard(receiver, secret);
  expect(told.filter(({ type }) => type === "proposal.created")).toMatchObject([
    { bot: "harbour", data: { proposalId, tool: "transfer_money", risk: "high" } },
  ]);
  expect(told.filter(({ type }) => type === "execution.finished")).toMatchObject([
    { data: { proposalId, tool: "transfer_money", outcome: "executed" } },
  ]);
  expect(new Set(told.map((one) => one.id)).size).toBe(told.length);
  expect(receiver.got.map(({ body }) => body).join("\n")).not.toMatch(/Jana|euros|ANNA|2500/u);

  // Whoever is forgotten is forgotten in the log of deliveries too.
  const Log = z.looseObject({ deliveries: z.array(z.looseObject({ id: z.string() })) });
  const log = async () => Log.parse(await call("GET", `/webhooks/${id}/deliveries`)).deliveries.length;
  expect(await log()).toBe(told.length);
  await call("DELETE", `/chat/session?sessionId=${sessionId}`);
  expect(await log()).toBe(0);
  await call("DELETE", `/webhooks/${id}`);
}, 120_000);

it("tells of hand-overs, also of one that ended while nobody ran", async () => {
  const receiver = await webhookReceiver();
  const { secret } = await register(receiver, ["hand_over.begun", "hand_over.ended"]);
  await say("Hello");
  const [record] = await runtime.store.conversations.list({ bot: "harbour", limit: 1 });
  const conversation = record?.id ?? conversationId({ platform: "web", account: "main", chat: "none" });
  const since = new Date().toISOString();
  const handOver = { kind: "handed-over", since, until: undefined, cause: "admin", by: "jana" } as const;
  await runtime.store.controls.handOver(conversation, { ...handOver, note: undefined, told: undefined }, since);
  await eventually(() => expect(typesOf(receiver, secret)).toEqual(["hand_over.begun"]));
  const { controls } = runtime.store;
  await controls.giveBack(conversation);
  await runtime.close();
  runtime = await start();
  await eventually(() => expect(typesOf(receiver, secret)).toEqual(["hand_over.begun", "hand_over.ended"]));
  expect(heard(receiver, secret)[0]).toMatchObject({ data: { conversation, cause: "admin" } });
}, 120_000);

it("keeps no secret in the open", async () => {
  const receiver = await webhookReceiver();
  const { secret } = await register(receiver, ["alert.raised"]);
  const database = openSqlite(join(folder, "webhooks.sqlite"));
  const rows = z
    .array(z.object({ secret: z.string() }))
    .parse(database.prepare("SELECT secret FROM webhook_endpoints").all());
  database.close();
  expect(rows.length).toBeGreaterThan(0);
  expect(JSON.stringify(rows)).not.toContain(secret.slice(6));
});
