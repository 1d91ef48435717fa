import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { web } from "../../adapters/web/index.ts";
import { type Runtime, startRuntime } from "../../cli/runtime/runtime.ts";
import { validateConfig } from "../../core/config/index.ts";
import { Reply } from "../../core/reply.ts";
import { deskCrew } from "./crew.ts";
import { lending } from "./lending.ts";

const Answer = z.object({ sessionId: z.string(), replies: z.array(Reply) });
let directory = "";
let runtime: Runtime;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "parley-library-"));
  const bots = { library: { name: "Library", accounts: [web()], crew: deskCrew(), tools: [lending()] } };
  const exported = { bots, dataDirectory: directory, gateway: { port: 0 }, log: { level: "silent" } };
  const config = validateConfig(exported, "bots.config.ts", { environment: {}, readFile: () => "" });
  const roles = new Set(["adapters", "workers", "gateway"] as const);
  runtime = await startRuntime({ config, file: "bots.config.ts", directory }, { roles });
});
afterAll(async () => {
  await runtime.close();
  await rm(directory, { recursive: true, force: true });
});

async function post(path: string, body: object): Promise<z.infer<typeof Answer>> {
  const response = await fetch(new URL(path, runtime.url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return Answer.parse(await response.json());
}
const say = async (text: string, sessionId?: string) =>
  await post("/api/v1/chat?wait=20", { text, ...(sessionId === undefined ? {} : { sessionId }) });

it("answers in its own words what it does not know", async () => {
  const { replies } = await say("hello");
  expect(replies[0]?.text).toContain("find sea");
});

it("shows what a tool found as cards, by its command too", async () => {
  for (const text of ["find sea", "/books"]) {
    const { replies } = await say(text);
    expect(replies[0]?.cards).toMatchObject([
      { title: "The Sea Around Us", facts: [{ label: "Shelf" }, { value: "2" }] },
    ]);
  }
});

it("does what must be confirmed only when its requester confirmed it", async () => {
  const { replies, sessionId } = await say("reserve The Waves");
  const [asked] = replies;
  expect(asked?.proposal?.summary).toBe("Reserve “The Waves” for a week");
  expect(asked?.choices?.map(({ label }) => label)).toEqual(["Confirm", "Cancel"]);
  const { replies: done } = await post("/api/v1/actions/confirm", { sessionId, proposalId: asked?.proposal?.id });
  expect(done[0]?.text).toContain("Reserved: The Waves");
});

it("says why it cannot", async () => {
  const { replies } = await say("reserve Ulysses");
  expect(replies[0]?.text).toContain("There is no book “Ulysses”");
});
