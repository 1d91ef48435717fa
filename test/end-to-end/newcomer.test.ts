/** What a newcomer sees after `npm start`: no key, no token, no Redis. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { Reply } from "../../core/reply.ts";
import type { ParleyProcess } from "../support/parley-process.ts";
import { buildOnce, removeData, runParley, startParley } from "../support/parley-process.ts";

const Answer = z.object({ messageId: z.string(), sessionId: z.string(), replies: z.array(Reply) });

let parley: ParleyProcess;

beforeAll(async () => {
  buildOnce();
  parley = await startParley();
});
afterAll(async () => {
  await parley.stop();
  removeData(parley.directory);
});

async function post(path: string, body: object): Promise<Response> {
  return await fetch(`${parley.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** One person's conversation over HTTP. */
function person() {
  let sessionId: string | undefined;
  const say = async (text: string) => {
    const response = await post("/api/v1/chat", { text, ...(sessionId === undefined ? {} : { sessionId }) });
    const answer = Answer.parse(await response.json());
    ({ sessionId } = answer);
    return answer.replies[0] ?? expect.fail("no reply");
  };
  return { say, session: () => sessionId ?? expect.fail("no session yet") };
}

/** The figure behind an account's name in a balance table, in cents. */
function balanceOf(text: string, account: string): number {
  const line = text.split("\n").find((one) => one.includes(account)) ?? expect.fail(`no ${account} in ${text}`);
  const amount = /€\s?(-?[\d,]+\.\d{2})/u.exec(line)?.[1] ?? expect.fail(`no amount in ${line}`);
  return Number(amount.replaceAll(/[,.]/gu, ""));
}

describe("a newcomer", () => {
  it("gets a cited answer from the sample documents", async () => {
    const { say } = person();
    const reply = await say("What does a replacement debit card cost?");
    expect(reply.text).toContain("€9.00");
    expect(reply.sources.length).toBeGreaterThan(0);
    expect(reply.sources.some(({ quote }) => quote.includes("€9.00"))).toBe(true);
    const [source] = reply.sources;
    const page = await fetch(new URL(source?.url ?? expect.fail("the source has no address"), parley.url));
    expect(page.status).toBe(200);
  });

  it("is told plainly when the documents have no answer", async () => {
    const { say } = person();
    const reply = await say("Who won the football world cup in 1998?");
    expect(reply.sources).toEqual([]);
    expect(reply.confidence).toBeLessThan(0.6);
  });

  it("moves money after a confirmation that a second person could not give, with both balances right", async () => {
    const anna = person();
    const thief = person();
    await anna.say("link ANNA-7K42");
    const before = (await anna.say("What is my balance?")).text;
    const { proposal, choices } = await anna.say("transfer 12.50 euros from everyday to savings");
    expect(proposal?.facts[0]).toMatchObject({ value: "€12.50", number: 12.5 });
    expect(choices?.map(({ id }) => id)).toEqual([`confirm:${proposal?.id}`, `cancel:${proposal?.id}`]);

    await thief.say("hello");
    const stolen = await post("/api/v1/actions/confirm", { sessionId: thief.session(), proposalId: proposal?.id });
    expect(JSON.stringify(await stolen.json())).not.toMatch(/12\.50|Savings|Anna/u);
    expect((await anna.say("What is my balance?")).text).toContain(before);

    const confirm = { sessionId: anna.session(), proposalId: proposal?.id };
    const [first, second] = await Promise.all([
      post("/api/v1/actions/confirm", confirm),
      post("/api/v1/actions/confirm", confirm),
    ]);
    expect([first.status, second.status]).toEqual([200, 200]);
    const after = (await anna.say("What is my balance?")).text;
    expect(balanceOf(after, "Everyday")).toBe(balanceOf(before, "Everyday") - 1_250);
    expect(balanceOf(after, "Savings")).toBe(balanceOf(before, "Savings") + 1_250);
  });

  it("is not taken at a mere yes", async () => {
    const emma = person();
    await emma.say("link ANNA-7K42");
    const before = (await emma.say("What is my balance?")).text;
    await emma.say("transfer 5 euros from everyday to savings");
    await emma.say("yes");
    expect((await emma.say("What is my balance?")).text).toContain(before);
  });

  it("is not taken with a wrong code, though the right button was named", async () => {
    const ben = person();
    await ben.say("link ANNA-7K42");
    const before = (await ben.say("What is my balance?")).text;
    const { proposal } = await ben.say("transfer 7 euros from everyday to savings");
    const wrong = proposal?.code === "A2B3C4" ? "A2B3C5" : "A2B3C4";
    await post("/api/v1/actions/confirm", { sessionId: ben.session(), proposalId: proposal?.id, code: wrong });
    expect((await ben.say("What is my balance?")).text).toContain(before);
  });

  it("gets a recommendation with reasons and the risk disclosure", async () => {
    const { say } = person();
    const { cards = [], disclaimers } = await say("Can you recommend a savings product for me?");
    expect(cards.length).toBeGreaterThan(0);
    expect(cards.every(({ text }) => text !== "")).toBe(true);
    expect(disclaimers.join(" ")).toContain("not investment advice");
  });

  it("finds out why, from a message id", async () => {
    const response = await post("/api/v1/chat", { text: "What does an instant transfer cost?" });
    const { messageId } = Answer.parse(await response.json());
    const { status, stdout } = runParley(parley.directory, "why", messageId);
    expect(status).toBe(0);
    expect(stdout).toMatch(/answered/u);
    expect(stdout).toMatch(/search_documents/u);
    expect(stdout).toMatch(/delivered/u);
    // Without one the last messages are listed, with the ids to ask for.
    const last = runParley(parley.directory, "why");
    const [, id = ""] = /^answered +(\S+)/u.exec(last.stdout) ?? [];
    expect(runParley(parley.directory, "why", id).stdout).toBe(stdout);
    expect(last.stdout).not.toContain("did not arrive");
  });

  it("sees a healthy system", async () => {
    expect((await fetch(`${parley.url}/health/ready`)).status).toBe(200);
    expect(await (await fetch(`${parley.url}/metrics`)).text()).toContain("parley_turn_seconds_count");
    const { status, stdout } = runParley(parley.directory, "doctor", "--json");
    expect(stdout).toContain('"healthy": true');
    expect(status).toBe(0);
  });
});

describe("a restart", () => {
  it("keeps the conversation, and a stop drains and ends cleanly", async () => {
    const first = await startParley();
    const response = await fetch(`${first.url}/api/v1/chat`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text: "hello" }),
    });
    const { sessionId } = Answer.parse(await response.json());
    expect(await first.stop()).toBe(0);
    const second = await startParley({ directory: first.directory });
    const history = await fetch(`${second.url}/api/v1/chat/history?sessionId=${sessionId}`);
    expect(JSON.stringify(await history.json())).toContain("hello");
    await second.stop("SIGKILL");
    const third = await startParley({ directory: first.directory });
    expect((await fetch(`${third.url}/health/ready`)).status).toBe(200);
    await third.stop();
    removeData(first.directory);
  });
});
