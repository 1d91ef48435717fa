/** The README as a newcomer follows it: its commands and its sentences, in their order, against `npm start`. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { z } from "zod";
import { parseMarkdown, toPlainText } from "../../core/markdown/index.ts";
import { Reply } from "../../core/reply.ts";
import { removeData, runParley } from "../support/parley-process.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");
const directory = mkdtempSync(join(tmpdir(), "parley-readme-"));
const environment = { ...process.env, PORT: "0", PARLEY_DATA: directory, ANTHROPIC_API_KEY: "", NO_COLOR: "1" };

const Answer = z.object({ messageId: z.string(), sessionId: z.string(), replies: z.array(Reply).min(1) });
const ReplyFrame = z.object({ type: z.literal("reply"), reply: Reply });

/** What stands in the README between two headings. */
function section(title: string): string {
  return readme.split(/^## /mu).find((one) => one.startsWith(`${title}\n`)) ?? expect.fail(`README has no "${title}"`);
}
const commandsOf = (title: string): readonly string[] =>
  [...section(title).matchAll(/^```sh\n([\s\S]*?)^```/gmu)].flatMap(([, code = ""]) =>
    code
      .split("\n")
      .map((line) => line.replace(/ {2,}#.*$/u, "").trim())
      .filter((line) => line !== ""),
  );

/** What a reader is told to try, in its order. */
const sentences = [...section("Two minutes").matchAll(/(?<=^- .*)\*([^*]+)\*/gmu)].map(([, words = ""]) => words);

/** What each sentence must lead to. */
const meanings: Readonly<Record<string, (reply: Reply) => void>> = {
  "What does a replacement card cost?": ({ text, sources }) => {
    expect(text).toContain("€9.00");
    expect(sources.some(({ quote }) => quote.includes("€9.00"))).toBe(true);
  },
  "link ANNA-7K42": ({ text }) => expect(text).toContain("Anna Berger"),
  "What is my balance?": ({ text }) => expect(text).toMatch(/Everyday.*€1,835\.81[\s\S]*Savings.*€19,260\.14/u),
  "Send 25 euros to Jana": ({ proposal, choices }) => {
    expect(proposal?.facts[0]).toMatchObject({ value: "€25.00", number: 25 });
    expect(proposal?.facts[1]?.value).toMatch(/^Jana Novak/u);
    expect(choices?.map(({ label }) => label)).toEqual(["Confirm", "Cancel"]);
  },
  "Which savings product suits me?": ({ cards = [], disclaimers }) => {
    expect(cards.length).toBeGreaterThan(0);
    expect(cards.every(({ data }) => data?.["category"] === "savings")).toBe(true);
    expect(disclaimers.join(" ")).toContain("not investment advice");
  },
};

/** `npm start`, as it stands in the README, on an empty data directory. */
async function startAsTold() {
  const [start = ""] = commandsOf("Two minutes");
  expect(start).toBe("npm ci && npm start");
  const child = spawn("npm", ["start"], {
    cwd: root,
    env: environment,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      printed += chunk.toString("utf8");
      const found = /ready\s+(http:\/\/127\.0\.0\.1:\d+)/u.exec(printed)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", (code) => reject(new Error(`npm start ended with ${code}: ${printed}`)));
  });
  const stop = async (): Promise<void> => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    // The shell that npm starts hands no signal on: the whole group ends.
    if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
    await ended;
  };
  return { url, stop };
}

let parley: Awaited<ReturnType<typeof startAsTold>>;

beforeAll(async () => {
  parley = await startAsTold();
}, 300_000);
afterAll(async () => {
  await parley.stop();
  removeData(directory);
});

/** Somebody who talks over HTTP. */
function overHttp() {
  let sessionId: string | undefined;
  const post = async (path: string, body: object): Promise<Reply> => {
    const response = await fetch(`${parley.url}/api/v1/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...body, ...(sessionId === undefined ? {} : { sessionId }) }),
    });
    const answer = Answer.parse(await response.json());
    ({ sessionId } = answer);
    return answer.replies[0] ?? expect.fail("no reply");
  };
  return {
    say: async (text: string) => await post("chat", { text }),
    confirm: async (proposalId: string) => await post("actions/confirm", { proposalId }),
    close: () => undefined,
  };
}

/** Somebody who talks over the socket, as the page does. */
async function overSocket() {
  const socket = new WebSocket(`${parley.url.replace("http", "ws")}/api/v1/chat/stream`);
  const waiting: ((reply: Reply) => void)[] = [];
  socket.on("message", (data) => {
    const frame = ReplyFrame.safeParse(JSON.parse(Buffer.isBuffer(data) ? data.toString("utf8") : "{}"));
    if (frame.success) waiting.shift()?.(frame.data.reply);
  });
  await new Promise((resolve) => socket.once("open", resolve));
  const send = async (frame: object): Promise<Reply> =>
    await new Promise((resolve) => {
      waiting.push(resolve);
      socket.send(JSON.stringify(frame));
    });
  return {
    say: async (text: string) => await send({ type: "message", text }),
    confirm: async (id: string) => await send({ type: "action", choiceId: `confirm:${id}`, value: "Confirm" }),
    close: () => socket.close(),
  };
}

describe("web-and-operations F: the README's sentences, in their order", () => {
  it("are all known here, and the way to confirm is told", () => {
    expect(sentences).toEqual(Object.keys(meanings));
    expect(section("Two minutes")).toContain("choose Confirm");
  });

  it.each([
    ["HTTP", async () => overHttp(), "€1,835.81"],
    // Anna has paid Jana once by now.
    ["the socket", overSocket, "€1,810.81"],
  ])("mean over %s what they promise", { timeout: 120_000 }, async (_name, open, before) => {
    const person = await open();
    for (const sentence of sentences) {
      const reply = await person.say(sentence);
      if (sentence === "What is my balance?") expect(reply.text).toContain(before);
      if (sentence !== "What is my balance?" || before === "€1,835.81") meanings[sentence]?.(reply);
      if (reply.proposal === undefined) continue;
      const done = await person.confirm(reply.proposal.id);
      expect(toPlainText(parseMarkdown(done.text))).toMatch(/^Done: Transfer €25\.00 .* to Jana Novak/u);
    }
    const cents = Math.round(Number(before.replaceAll(/[€,]/gu, "")) * 100) - 2_500;
    const after = new Intl.NumberFormat("en", { style: "currency", currency: "EUR" }).format(cents / 100);
    expect((await person.say("What is my balance?")).text).toContain(after);
    person.close();
  });
});

describe("web-and-operations F: the README's commands", () => {
  it("asks over HTTP as it is written, and finds the calls where it says", { timeout: 60_000 }, async () => {
    const [command = ""] = commandsOf("Over HTTP");
    const told = command.replace("http://127.0.0.1:8080", parley.url);
    expect(told).toContain(parley.url);
    const { stdout } = spawnSync("sh", ["-c", told], { encoding: "utf8" });
    expect(Answer.parse(JSON.parse(stdout)).replies[0]?.text).toContain("€9.00");
    for (const path of ["/", "/docs", "/openapi.json"]) {
      expect({ path, status: (await fetch(`${parley.url}${path}`)).status }).toEqual({ path, status: 200 });
      expect(readme).toContain(path);
    }
  });

  it.each(commandsOf("The command"))("%s", { timeout: 120_000 }, async (command) => {
    const [, name = ""] = /^npx parleyjs ([a-z-]+)/u.exec(command) ?? [];
    const { status: helped, stdout: help } = runParley(directory, name, "--help");
    expect(helped).toBe(0);
    expect(help).toContain(name);
    if (!ENDING.has(name)) return;
    const words = name === "why" ? [await askedMessage()] : [];
    const { status, stdout, stderr } = runParley(directory, name, ...words);
    expect(`${status} ${stderr}`).toMatch(/^0/u);
    expect(stdout.trim()).not.toBe("");
  });
});

/** Commands that do their work and end by themselves; the others run, ask or write files. */
const ENDING = new Set(["doctor", "plan", "why", "dead-letters"]);

async function askedMessage(): Promise<string> {
  const response = await fetch(`${parley.url}/api/v1/chat`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text: "What does a replacement card cost?" }),
  });
  return Answer.parse(await response.json()).messageId;
}
