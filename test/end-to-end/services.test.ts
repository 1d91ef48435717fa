/** What the product tells of itself over HTTP: sessions, actions, agents, tools. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { startRuntime, type Runtime } from "../../cli/runtime/runtime.ts";
import { validateConfig } from "../../core/config/validate.ts";
import { packageDirectory } from "../../core/package-directory.ts";
import { bank, crew, web } from "../../index.ts";

let runtime: Runtime;
beforeAll(async () => {
  const exported = {
    bots: { harbour: { name: "Harbour", accounts: [web()], crew: crew({ model: "offline" }), tools: [bank()] } },
    gateway: { port: 0 },
    log: { level: "silent" },
  };
  const config = validateConfig(exported, "bots.config.ts", {
    environment: { PARLEY_DATA: mkdtempSync(join(tmpdir(), "parley-services-")) },
    readFile: () => expect.fail("no file is read"),
  });
  const loaded = { config, file: "bots.config.ts", directory: packageDirectory() };
  runtime = await startRuntime(loaded, { roles: new Set(["adapters", "workers", "gateway"]) });
}, 120_000);
afterAll(async () => await runtime.close());

async function call(path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${runtime.url ?? ""}/api/v1${path}`, {
    method: body === undefined ? "GET" : "POST",
    ...(body !== undefined && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  return await response.json();
}
const Said = z.looseObject({
  sessionId: z.string(),
  replies: z.array(z.looseObject({ proposal: z.looseObject({ id: z.string() }).optional() })),
});

it("lists sessions and actions page by page, by what is asked for", { timeout: 120_000 }, async () => {
  const { sessionId } = Said.parse(await call("/chat", { text: "link ANNA-7K42" }));
  const propose = async (sum: number): Promise<string> => {
    const { replies } = Said.parse(await call("/chat", { text: `Send ${sum} euros to Jana`, sessionId }));
    return replies.find(({ proposal }) => proposal !== undefined)?.proposal?.id ?? expect.fail("no proposal");
  };
  const first = await propose(25);
  await call("/actions/confirm", { sessionId, proposalId: first });
  const second = await propose(26);
  await call("/chat", { text: "Hello" });

  const Sessions = z.object({
    sessions: z.array(z.looseObject({ conversation: z.string() })),
    next: z.string().optional(),
  });
  const one = Sessions.parse(await call("/sessions?bot=harbour&platform=web&limit=1"));
  expect(one.sessions).toMatchObject([{ bot: "harbour", platform: "web", messageCount: 1 }]);
  const other = Sessions.parse(await call(`/sessions?limit=1&cursor=${encodeURIComponent(one.next ?? "")}`));
  expect(other.sessions).toHaveLength(1);
  expect(other.sessions[0]?.conversation).not.toBe(one.sessions[0]?.conversation);
  expect(await call("/sessions?platform=telegram")).toEqual({ sessions: [] });

  const spoken = other.sessions[0]?.conversation ?? expect.fail("no session");
  expect(await call(`/sessions/history?conversation=${encodeURIComponent(spoken)}&limit=4`)).toMatchObject({
    conversation: spoken,
    bot: "harbour",
    messages: [
      {},
      {},
      { role: "user", text: "Send 26 euros to Jana", userId: expect.stringMatching(/^guest-/u) },
      { role: "assistant", text: expect.stringContaining("Please check this") },
    ],
  });
  expect(await call("/sessions/history?conversation=telegram:main:1")).toMatchObject({ code: "services/no-session" });

  expect(await call("/actions/history?bot=harbour")).toMatchObject({
    actions: [
      { proposalId: second, status: "pending", tool: "transfer_money", risk: "high" },
      { proposalId: first, status: "executed" },
    ],
  });
  const History = z.object({
    actions: z.array(z.looseObject({ proposalId: z.string() })),
    next: z.string().optional(),
  });
  const newest = History.parse(await call("/actions/history?limit=1"));
  expect(await call(`/actions/history?limit=1&cursor=${newest.next ?? ""}`)).toMatchObject({
    actions: [{ proposalId: first }],
  });
  expect(await call("/actions/history?status=cancelled")).toEqual({ actions: [] });
  const { actions } = History.parse(await call("/actions/history"));
  expect(actions.length).toBeGreaterThan(1);
  // Times and ids may have any digits.
  for (const { proposalId: _id, conversation: _conversation, createdAt: _at, decidedAt: _then, ...rest } of actions)
    expect(JSON.stringify(rest)).not.toMatch(/Jana|25/u);

  const Tools = z.object({ tools: z.array(z.looseObject({ name: z.string(), risk: z.string() })) });
  const { tools } = Tools.parse(await call("/tools?bot=harbour&risk=high"));
  expect(new Set(tools.map(({ risk }) => risk))).toEqual(new Set(["high"]));
  expect(tools.find(({ name }) => name === "transfer_money")).toMatchObject({
    confirmation: "always",
    proposals: { executed: 1, pending: 1 },
  });
});

it("tells who answers, and takes no filter that it does not know", async () => {
  expect(await call("/agents")).toMatchObject({
    agents: [{ bot: "harbour", crew: { settings: { model: "offline" } }, budget: { tokens: 0, dollars: 0, cap: {} } }],
  });
  expect(await call("/agents?bot=nobody")).toEqual({ agents: [] });
  for (const path of ["/agents?x=1", "/tools?risk=none", "/sessions?limit=0", "/actions/history?cursor=-1"])
    expect(await call(path)).toMatchObject({ code: "gateway/invalid-request" });
});

async function put(path: string, body: unknown): Promise<unknown> {
  const headers = { "content-type": "application/json" };
  const address = `${runtime.url ?? ""}/api/v1${path}`;
  return await (await fetch(address, { method: "PUT", headers, body: JSON.stringify(body) })).json();
}

it(
  "speaks as the person wants it from the next reply on, set by call or said in the chat",
  { timeout: 120_000 },
  async () => {
    const Spoken = z.looseObject({ sessionId: z.string(), replies: z.array(z.looseObject({ text: z.string() })) });
    const { sessionId } = Spoken.parse(await call("/chat", { text: "Hello" }));
    const { userId } = z.looseObject({ userId: z.string() }).parse(await call(`/sessions/${sessionId}`));
    const of = `/preferences/${userId}?bot=harbour`;
    const say = async (text: string): Promise<string> => {
      const { replies } = Spoken.parse(await call("/chat", { text, sessionId }));
      return replies.map((reply) => reply.text).join(" ");
    };
    expect(await say("what can you do for me?")).toMatch(/\byou\b/iu);
    await put(of, { language: "de", formOfAddress: "formal" });
    expect(await say("what can you do for me?")).toMatch(/\b(?:Sie|Ihnen|Ihre?n?)\b/u);
    await put(of, { language: "de", formOfAddress: "informal" });
    expect(await say("what can you do for me?")).toMatch(/\b(?:du|dir|deine?n?)\b/iu);

    await say("Please answer in English from now on");
    expect(await call(of)).toEqual({ language: "en", formOfAddress: "informal" });
    expect(await say("what can you do for me?")).toMatch(/\byou\b/iu);
    await say("Remember that I prefer answers in German");
    await say("Remember: keep it short");
    expect(await call(of)).toEqual({ language: "de", formOfAddress: "informal", answers: "short" });

    await put(of, {});
    expect(await call(of)).toEqual({});
    expect(await say("what can you do for me?")).toMatch(/\byou\b/iu);
  },
);

it("keeps how a person wants to be spoken to, and ends a session from outside", { timeout: 120_000 }, async () => {
  const of = "/preferences/customer-7?bot=harbour";
  expect(await call(of)).toEqual({});
  const wanted = { language: "de", formOfAddress: "formal", answers: "short" };
  expect(await put(of, wanted)).toEqual(wanted);
  expect(await call(of)).toEqual(wanted);
  expect(await put(of, { language: "fr" })).toMatchObject({ status: 400 });
  expect(await put(of, { role: "owner" })).toMatchObject({ status: 400 });
  expect(await put(of, { answers: "short" })).toEqual({ answers: "short" });
  expect(await call(of)).toEqual({ answers: "short" });
  expect(await call("/preferences/customer-7?bot=none")).toMatchObject({ status: 404, code: "services/unknown-bot" });

  await call("/chat", { text: "Hello" });
  const Listed = z.object({ sessions: z.array(z.looseObject({ conversation: z.string() })) });
  const [open] = Listed.parse(await call("/sessions?limit=1")).sessions;
  const conversation = open?.conversation ?? expect.fail("no session");
  expect(await call("/sessions/end", { conversation })).toMatchObject({ conversation });
  expect(Listed.parse(await call("/sessions?limit=1")).sessions[0]?.conversation).not.toBe(conversation);
  expect(await call("/sessions/end", { conversation })).toMatchObject({ status: 404, code: "services/no-session" });
});
