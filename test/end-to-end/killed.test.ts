/** The built product, killed by SIGKILL in the middle of what must neither be lost nor happen twice. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { Reply } from "../../core/reply.ts";
import { buildOnce, type ParleyProcess, removeData, runParley, startParley } from "../support/parley-process.ts";

const PATIENCE_MS = 600_000;
const config = "test/support/killed.config.ts";

const Answer = z.object({ sessionId: z.string(), replies: z.array(Reply) });
const Page = z.object({ messages: z.array(z.object({ role: z.string(), text: z.string() })) });
const HandedOver = z.array(z.object({ conversation: z.string(), cause: z.string(), note: z.string().optional() }));

beforeAll(() => buildOnce(), PATIENCE_MS);

/** One person of a process that stalls at a tool until it is killed, and starts again without. */
async function talk(stallsAt: string) {
  const directory = mkdtempSync(join(tmpdir(), "parley-killed-"));
  onTestFinished(() => removeData(directory));
  let parley: ParleyProcess;
  const start = async (environment: Readonly<Record<string, string>> = {}): Promise<void> => {
    parley = await startParley({ directory, config, environment });
  };
  onTestFinished(async () => void (await parley.stop("SIGKILL")));
  await start({ PARLEY_TEST_STALL: stallsAt });
  let sessionId: string | undefined;
  const post = async (text: string): Promise<Response> =>
    // The first message may wait for the lesson of a tool of its own.
    await fetch(`${parley.url}/api/v1/chat?wait=60`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text, ...(sessionId === undefined ? {} : { sessionId }) }),
    });
  return {
    say: async (text: string): Promise<Reply> => {
      const answer = Answer.parse(await (await post(text)).json());
      ({ sessionId } = answer);
      return answer.replies.at(-1) ?? expect.fail(`no answer to "${text}"`);
    },
    /** Says it, waits until the process stalls over it, kills the process, and starts another one. */
    sayAndDie: async (text: string): Promise<void> => {
      const cut = post(text).catch(() => undefined);
      await expect.poll(() => existsSync(join(directory, "stalled")), { timeout: 120_000 }).toBe(true);
      await parley.stop("SIGKILL");
      await cut;
      rmSync(join(directory, "stalled"));
      await start();
    },
    restart: async (): Promise<void> => {
      await parley.stop("SIGKILL");
      await start();
    },
    /** What the bot said, oldest first. */
    said: async (): Promise<readonly string[]> => {
      const url = new URL("/api/v1/chat/history", parley.url);
      url.searchParams.set("sessionId", sessionId ?? "");
      const { messages } = Page.parse(await (await fetch(url)).json());
      return messages.filter(({ role }) => role === "assistant").map(({ text }) => text);
    },
    run: (...words: readonly string[]) => runParley(directory, "--config", config, ...words),
  };
}

const counts = (texts: readonly string[], words: RegExp): number => texts.filter((text) => words.test(text)).length;

describe("a process killed while a plan goes on", () => {
  it(
    "leaves the plan to the next one: what was confirmed is done once, and the next step is put forward once",
    async () => {
      const anna = await talk("transfer_money");
      await anna.say("link ANNA-7K42");
      const { proposal } = await anna.say(
        "Save Max Weber, DE89 3704 0044 0532 0130 00, as a payee and send him 10 euros",
      );
      await anna.sayAndDie(`confirm ${proposal?.code ?? expect.fail("nothing to confirm")}`);
      await expect.poll(async () => counts(await anna.said(), /check this/u), { timeout: 120_000 }).toBe(2);
      const said = await anna.said();
      expect(counts(said, /Saved Max Weber/u)).toBe(1);
      await anna.restart();
      expect(await anna.said()).toEqual(said);
      expect(counts((await anna.say("Who are my payees?")).text.split("\n"), /^Max Weber /u)).toBe(1);
    },
    PATIENCE_MS,
  );
});

describe("a process killed while it hands over to people", () => {
  it(
    "leaves the hand-over in force: the person is told once, and notes and words are kept",
    async () => {
      const bo = await talk("hand_over");
      await bo.say("hello");
      await bo.sayAndDie("I want to talk to a human");
      const list = () => HandedOver.parse(JSON.parse(bo.run("hand-over", "list", "--json").stdout));
      await expect.poll(() => list().length, { timeout: 120_000 }).toBe(1);
      const [{ conversation } = expect.fail("nothing handed over")] = list();
      await expect.poll(async () => (await bo.said()).length, { timeout: 120_000 }).toBe(2);
      const told = await bo.said();
      expect(bo.run("hand-over", "note", conversation, "Ruth calls back at ten").status).toBe(0);
      expect(bo.run("hand-over", "say", conversation, "Good morning, this is Ruth").status).toBe(0);
      await bo.restart();
      expect(list()).toMatchObject([{ conversation, cause: "asked", note: "Ruth calls back at ten" }]);
      expect(await bo.said()).toEqual([...told, "Good morning, this is Ruth"]);
    },
    PATIENCE_MS,
  );
});
