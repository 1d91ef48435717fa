/** What must be the same from every host: answers, links, files, explanations, versions. */
import assert from "node:assert/strict";
import { z } from "zod";
import type { Member } from "./cluster.ts";
import type { Services } from "./services.ts";
import { until } from "./until.ts";

const Answer = z.looseObject({
  messageId: z.string(),
  sessionId: z.string(),
  replies: z.array(z.looseObject({ text: z.string() })),
});
const Upload = z.object({ id: z.string() });
const Findings = z.object({ checks: z.array(z.object({ name: z.string(), status: z.string(), detail: z.string() })) });
const Versions = z.array(z.looseObject({ version: z.string(), serving: z.boolean() }));

/** One after the other; `gateway` is one of `hosts`. */
export function createStory({ telegram, trusted }: Services, hosts: readonly Member[], gateway: Member) {
  const authorization = `Bearer ${trusted}`;
  const call = async (path: string, body?: object): Promise<Response> =>
    await fetch(new URL(path, gateway.url), {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const ask = async (text: string, more: object = {}) => {
    const response = await call("/api/v1/chat?wait=40", { text, ...more });
    assert.equal(response.status, 200, await response.clone().text());
    return Answer.parse(await response.json());
  };
  const wordsOf = ({ replies }: z.infer<typeof Answer>): string => replies.map(({ text }) => text).join("\n");
  const anna = telegram.person("1001", "Anna");
  const asked = { messageId: "" };

  /** Asks again where the bot asks for that: the first question of all may take a busy machine too long. */
  async function onTelegram(text: string, wanted: RegExp): Promise<void> {
    for (let isAnswered = false; !isAnswered;) {
      const before = anna.sees().length;
      await anna.say(text);
      isAnswered = await until(`an answer on Telegram to "${text}"`, () => {
        const heard = anna.sees().slice(before);
        const says = (words: RegExp) => heard.some(({ author, plain }) => author.isBot && words.test(plain));
        return says(wanted) ? true : says(/try again in a minute/u) ? false : undefined;
      });
    }
  }

  const fromEach = async <T>(work: (host: Member) => Promise<T>): Promise<readonly T[]> =>
    await Promise.all(hosts.map(work));

  return {
    "messages by Telegram are answered": async () => {
      await onTelegram("What does a replacement card cost?", /€9\.00/u);
      await onTelegram("link ANNA-7K42", /Anna/u);
      await onTelegram("What is my balance?", /€1,835\.81/u);
    },
    "the same person goes on over HTTP": async () => {
      const { sessionId } = await ask("link ANNA-7K42");
      const answer = await ask("What is my balance?", { sessionId });
      assert.match(wordsOf(answer), /€1,835\.81/u);
      const history = await call(`/api/v1/chat/history?sessionId=${sessionId}`);
      assert.match(await history.text(), /What is my balance\?/u);
      asked.messageId = answer.messageId;
    },
    "a document's link answers on the gateway": async () => {
      const answer = JSON.stringify(await ask("What does a replacement card cost?"));
      const [, link] = /"url":"(?:https?:\/\/[^/"]+)?(\/[^"]+)"/u.exec(answer) ?? [];
      assert.ok(link !== undefined, `no link in ${answer}`);
      const page = await call(link);
      assert.equal(page.status, 200);
      assert.ok(/^%PDF|card/u.test(await page.text()), "it is not the document");
    },
    "an upload on one host is read on another": async () => {
      const { sessionId } = await ask("hello");
      const words = "The wolpertinger account costs 77 euros a month.";
      const uploaded = await fetch(
        new URL(`/api/v1/chat/attachments?sessionId=${sessionId}&name=offer.txt`, gateway.url),
        { method: "POST", headers: { authorization, "content-type": "application/octet-stream" }, body: words },
      );
      assert.ok(uploaded.ok, await uploaded.clone().text());
      const { id } = Upload.parse(await uploaded.json());
      const answer = await ask("What does this file say?", { sessionId, attachments: [{ id }] });
      assert.match(wordsOf(answer), /wolpertinger/iu);
    },
    "why tells the same everywhere": async () => {
      const told = await fromEach(async ({ parley }) => await parley("why", asked.messageId, "--json"));
      assert.match(told[0] ?? "", /"answered"/u);
      assert.equal(new Set(told).size, 1);
    },
    "dead letters are the same everywhere": async () => {
      assert.equal(
        new Set(await fromEach(async ({ parley }) => await parley("dead-letters", "list", "--json"))).size,
        1,
      );
    },
    "doctor finds all processes from everywhere": async () => {
      // On a busy machine doctor ends after its 12 s with what it has by then.
      const lookedFrom = async (host: Member) =>
        await until(`all processes, by doctor on ${host.name}`, async () => {
          const { checks } = Findings.parse(JSON.parse(await host.parley("doctor", "--json")));
          const running = checks.filter(
            ({ name, status }) => status === "ok" && /^process \d+(?: on \S+)?$/u.test(name),
          );
          assert.equal(running.length, hosts.length, JSON.stringify(checks.filter(({ status }) => status !== "ok")));
          return true;
        });
      // One after the other: three at once take such a machine longer than doctor waits.
      for (const host of hosts) await lookedFrom(host);
    },
    "training on one host changes what the others serve": async () => {
      // The first training of all may be on its way.
      const { version } = await until("a training", async () => {
        const trained = await hosts[1]?.parley("recommender", "train", "--force", "--bot", "harbour", "--json");
        return z.object({ version: z.string() }).parse(JSON.parse(trained ?? ""));
      });
      for (const printed of await fromEach(async ({ parley }) => await parley("recommender", "compare", "--json"))) {
        const serving = Versions.parse(JSON.parse(printed)).find((one) => one.serving);
        assert.equal(serving?.version, version);
      }
      await until("the new version on the gateway", async () => {
        await ask("Which savings product suits me?");
        const metrics = await (await call("/metrics")).text();
        const popular = await (await call("/api/v1/recommendations/popular?limit=3")).text();
        return `${metrics}${popular}`.includes(version) ? true : undefined;
      });
    },
  };
}
