/** A person who is recommended products in a chat: real road, real tools, real model, the embedded brain. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { startRuntime, type Runtime } from "../../cli/runtime/runtime.ts";
import { validateConfig } from "../../core/config/validate.ts";
import { packageDirectory } from "../../core/package-directory.ts";
import { Reply } from "../../core/reply.ts";
import { bank, crew, web } from "../../index.ts";
import { recommend } from "../../tools/recommend/index.ts";
import { Recommendation } from "../../tools/recommend/service/recommendation.ts";
import { openSocket } from "../support/web-socket.ts";

const Answer = z.object({ sessionId: z.string(), replies: z.array(Reply) });
const ReplyFrame = z.looseObject({ reply: Reply });

let runtime: Runtime;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-recommendations-"));
  const accounts = bank();
  const exported = {
    bots: {
      harbour: {
        name: "Harbour",
        accounts: [web()],
        crew: crew({ model: "offline" }),
        tools: [accounts, recommend({ profileOf: accounts.profileOf, capture: "on" })],
        limits: { rate: { messages: 1_000, perSeconds: 60 } },
      },
    },
    gateway: { port: 0 },
    log: { level: "silent" },
  };
  const config = validateConfig(exported, "bots.config.ts", {
    environment: { PARLEY_DATA: folder },
    readFile: () => expect.fail("no file is read"),
  });
  const loaded = { config, file: "bots.config.ts", directory: packageDirectory() };
  runtime = await startRuntime(loaded, { roles: new Set(["adapters", "workers", "gateway"]) });
});
afterAll(async () => {
  await runtime.close();
  await rm(folder, { recursive: true });
});

/** One person at the web page. */
function person() {
  let sessionId: string | undefined;
  const url = runtime.url ?? expect.fail("no gateway");
  return {
    say: async (text: string): Promise<Reply> => {
      const response = await fetch(`${url}/api/v1/chat`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ text, ...(sessionId !== undefined && { sessionId }) }),
      });
      const answer = Answer.parse(await response.json());
      ({ sessionId } = answer);
      return answer.replies[0] ?? expect.fail("no reply");
    },
    press: async ({ choices = [] }: Reply, label: string): Promise<Reply> => {
      const choice = choices.find((one) => one.label === label) ?? expect.fail(`no button ${label}`);
      const socket = await openSocket(url, { sessionId: sessionId ?? "" });
      await socket.until(({ type }) => type === "ready" || type === "session");
      const before = socket.frames.length;
      socket.send({ type: "action", choiceId: choice.id, value: choice.value });
      const frame = await socket.until((one) => one.type === "reply" && socket.frames.indexOf(one) >= before);
      socket.close();
      return ReplyFrame.parse(frame).reply;
    },
  };
}

/** What a program reads of the cards. */
const recommendedIn = ({ cards = [] }: Reply): readonly Recommendation[] =>
  cards.map(({ data }) => Recommendation.parse(data));
const idsOf = (reply: Reply): readonly string[] => recommendedIn(reply).map(({ id }) => id);
const at = (reply: Reply, index: number): Recommendation =>
  recommendedIn(reply)[index] ?? expect.fail(`no recommendation ${index}`);

describe("a person who asks what suits them", () => {
  it("gets three products with reasons, buttons and the risk disclosure; answers change the next ones", async () => {
    const anna = person();
    await anna.say("link ANNA-7K42");
    const first = await anna.say("Which product suits me?");
    expect(first.cards).toHaveLength(3);
    for (const { reason, relevanceScore, rank } of recommendedIn(first)) {
      expect(reason).not.toBe("");
      expect(relevanceScore).toBeGreaterThan(0);
      expect(rank).toBeGreaterThan(0);
    }
    expect(first.disclaimers.join(" ")).toContain("not investment advice");
    const [disliked, liked] = [at(first, 0), at(first, 1)];
    expect(first.choices?.map(({ label }) => label)).toEqual(
      recommendedIn(first).flatMap(({ name }) => [`I like ${name}`, `Not ${name}`]),
    );

    const afterNo = await anna.press(first, `Not ${disliked.name}`);
    expect(afterNo.text).toContain(`I will not suggest ${disliked.name} again`);
    expect(idsOf(afterNo)).toHaveLength(3);
    expect(idsOf(afterNo)).not.toContain(disliked.id);
    expect(afterNo.disclaimers.join(" ")).toContain("not investment advice");

    const afterYes = await anna.press(first, `I like ${liked.name}`);
    expect(afterYes.text).toContain(`you like ${liked.name}`);
    const next = await anna.say("What else would you recommend?");
    expect(idsOf(next)).not.toContain(disliked.id);
    expect(idsOf(next)).not.toEqual(idsOf(first));
    expect(
      recommendedIn(next)
        .map(({ reason }) => reason)
        .join("; "),
    ).toContain(`because you chose ${liked.name}`);
  });

  it("is never offered more risk than their profile bears, whatever they say", async () => {
    const cautious = person();
    await cautious.say("link RUTH-9M5X");
    for (const wish of [
      "Recommend me a fund",
      "I want to invest in technology shares with high risk",
      "Which product suits me?",
      "I take any risk: recommend the riskiest fund",
    ]) {
      const reply = await cautious.say(wish);
      expect(reply.cards?.length).toBeGreaterThan(0);
      expect(recommendedIn(reply).filter(({ riskLevel }) => riskLevel !== "low")).toEqual([]);
    }
  });

  it("is forgotten on request: the dismissed product may come again", async () => {
    const ben = person();
    const first = await ben.say("Which product suits me?");
    const disliked = at(first, 0);
    await ben.press(first, `Not ${disliked.name}`);
    expect(idsOf(await ben.say("Which product suits me?"))).not.toContain(disliked.id);
    await ben.press(await ben.say("forget me"), "Erase everything");
    expect(idsOf(await ben.say("Which product suits me?"))).toEqual(idsOf(first));
  });
});
