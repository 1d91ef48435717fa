/** Whoever asks to be forgotten is: no file of the data directory holds a word of theirs any more. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { ParleyProcess } from "../support/parley-process.ts";
import { buildOnce, removeData, startParley } from "../support/parley-process.ts";

const Answer = z.object({ sessionId: z.string(), replies: z.array(z.object({ text: z.string() })) });
const Uploaded = z.object({ id: z.string() });

let parley: ParleyProcess;
const directory = mkdtempSync(join(tmpdir(), "parley-erasure-"));

beforeAll(async () => {
  buildOnce();
  parley = await startParley({ directory, config: "bench/memory/bots.config.ts" });
}, 300_000);
afterAll(async () => {
  await parley.stop();
  removeData(directory);
});

const IBAN = "DE89370400440532013000";

/** What one person says, each with words that nobody else uses. */
function person(mark: string) {
  let sessionId: string | undefined;
  const greeting = `Hello, my name is Quentin ${mark}name and I have a question about ${mark}question`;
  const address = (path: string): URL => {
    const url = new URL(path, parley.url);
    if (sessionId !== undefined) url.searchParams.set("sessionId", sessionId);
    return url;
  };
  /** The first call begins the session: sent again under its key it finds the session that was begun. */
  const first = randomUUID();
  const say = async (text: string, attachments: readonly string[] = []): Promise<string> => {
    const response = await fetch(`${parley.url}/api/v1/chat`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "idempotency-key": sessionId === undefined ? first : randomUUID(),
      },
      body: JSON.stringify({
        text,
        attachments: attachments.map((id) => ({ id })),
        ...(sessionId === undefined ? {} : { sessionId }),
      }),
    });
    const body: unknown = await response.json();
    const answer = Answer.safeParse(body).data ?? expect.fail(`no answer to "${text}": ${JSON.stringify(body)}`);
    ({ sessionId } = answer);
    return answer.replies.map((reply) => reply.text).join("\n");
  };
  const upload = async (name: string, text: string): Promise<string> => {
    const url = address("/api/v1/chat/attachments");
    url.searchParams.set("name", name);
    const response = await fetch(url, { method: "POST", headers: { "content-type": "text/plain" }, body: text });
    return Uploaded.parse(await response.json()).id;
  };
  return {
    say,
    /** What the very first call brings when it is sent again. */
    sayFirstAgain: async (text: string): Promise<Response> =>
      await fetch(`${parley.url}/api/v1/chat`, {
        method: "POST",
        headers: { "content-type": "application/json", "idempotency-key": first },
        body: JSON.stringify({ text, attachments: [] }),
      }),
    /** Everything that leaves traces: questions, memory, files, proposals that wait and that were cancelled. */
    liveALife: async (linkCode: string): Promise<void> => {
      await say(greeting);
      await say(linkCode);
      await say(`Remember that my favourite colour is ${mark}memory`);
      const file = await upload(`${mark}file.txt`, `The content is ${mark}content`);
      await say(`What does ${mark}caption cost?`, [file]);
      await upload("left.txt", `Never sent: ${mark}unsent`);
      await say(`Send 12 euros to Jana for ${mark}purpose`);
      await say("no");
      await say(`Add ${mark}payee ${IBAN} as a payee`);
      await say(`Please tell me more about ${mark}last`);
    },
    greeting,
    forgetByDelete: async () => await fetch(address("/api/v1/chat/session"), { method: "DELETE" }),
    history: async () => await fetch(address("/api/v1/chat/history")),
  };
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Nothing where it was replaced since it was listed, as checkpoints are. */
function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return Buffer.alloc(0);
    throw thrown;
  }
}

/** Which files hold any of these words, in which form. */
function findWords(words: readonly string[]): readonly string[] {
  return filesIn(directory).flatMap((path) => {
    const bytes = bytesOf(path);
    return words.filter((word) => bytes.includes(word)).map((word) => `${path}: ${word}`);
  });
}

/** What is deleted leaves the last file within a minute: live signals, and pages in a log. */
async function untilGone(words: readonly string[]): Promise<void> {
  await expect.poll(() => findWords(words), { timeout: 150_000, interval: 3_000 }).toEqual([]);
}

const QUESTION = "What does a card cost, asks zqeve";
const [ada, bob, carl, eve] = [person("zqada"), person("zqbob"), person("zqcarl"), person("zqeve")];

/** By /forget. */
async function forgetAda(): Promise<void> {
  await ada.liveALife("link ANNA-7K42");
  expect(findWords(["zqada"]).length, "the words were there before").toBeGreaterThan(0);
  expect(findWords([IBAN]).length).toBeGreaterThan(0);
  expect(await ada.say("/forget")).toContain("until you confirm it");
  expect(await ada.say("Erase everything")).toContain("are erased");
}

/** By deleting the session, beside one that stays. Calls that are sent again under their keys tell nothing of it. */
async function forgetBob(): Promise<void> {
  await eve.say(QUESTION);
  expect((await eve.sayFirstAgain(QUESTION)).headers.get("idempotency-replayed")).toBe("true");
  await bob.liveALife("link MARE-4T9W");
  expect((await bob.forgetByDelete()).status).toBe(204);
  const again = await bob.sayFirstAgain(bob.greeting);
  expect([again.status, await again.text()]).toEqual([404, expect.stringContaining("web/unknown-session")]);
}

/** Just before a crash. */
async function forgetCarl(): Promise<void> {
  await carl.say("Remember that my favourite colour is zqcarl");
  await carl.say("/forget");
  expect(await carl.say("Erase everything")).toContain("are erased");
  await parley.stop("SIGKILL");
  parley = await startParley({ directory, config: "bench/memory/bots.config.ts" });
}

describe("who asks to be forgotten", () => {
  // All are forgotten first, and waited for together.
  beforeAll(async () => {
    await forgetAda();
    await forgetBob();
    await forgetCarl();
  }, 300_000);

  it("by /forget leaves no word, name or IBAN in any file", { timeout: 300_000 }, async () => {
    await untilGone(["zqada", "Quentin", IBAN, "DE89 3704 0044 0532 0130 00"]);
  });

  it("by deleting the session does so too, and others keep theirs", { timeout: 300_000 }, async () => {
    await untilGone(["zqbob", IBAN]);
    expect(findWords(["zqeve"]).length).toBeGreaterThan(0);
    expect(await (await eve.history()).text()).toContain("zqeve");
  });

  it("stays forgotten after a crash and a restart", { timeout: 300_000 }, async () => {
    await untilGone(["zqcarl"]);
  });
});
