/** Recordings of the real client against a local Messages API, replayed without it. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ChatAnthropic } from "@langchain/anthropic";
import { afterEach, beforeEach, expect, it, onTestFinished } from "vitest";
import { web } from "../../adapters/web/index.ts";
import { startBot } from "../../cli/testing/index.ts";
import { lending } from "../../examples/library/lending.ts";
import { connectionDropped, times } from "../../test/support/messages-api/faults.ts";
import { type MessagesApi, startMessagesApi } from "../../test/support/messages-api/server.ts";
import { crew } from "../index.ts";
import { recordedModel, type RecordedModel } from "./index.ts";

const KEY = "test-key-of-nobody";
let api: MessagesApi;
let folder = "";
let file = "";

beforeEach(async () => {
  api = await startMessagesApi({ apiKey: KEY });
  folder = mkdtempSync(join(tmpdir(), "parley-recordings-"));
  file = join(folder, "deep", "greeting.json");
});
afterEach(async () => {
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

const claude = () =>
  new ChatAnthropic({
    model: "claude-haiku-5-5",
    apiKey: KEY,
    anthropicApiUrl: api.url,
    maxRetries: 0,
    maxTokens: 1_000,
  });
const recorded = (environment: NodeJS.ProcessEnv = {}): RecordedModel => recordedModel(file, claude, environment);
const written = (): string => readFileSync(file, "utf8");

/** Reserves a book, and asks what there is. */
async function conversation(model: RecordedModel, persona = "") {
  const bots = { library: { name: "Library", persona, accounts: [web()], crew: crew({ model }), tools: [lending()] } };
  const bot = await startBot({ bots });
  onTestFinished(async () => await bot.close());
  const anna = bot.person("anna");
  const asked = await anna.say("reserve The Waves");
  const done = await anna.press("confirm");
  const told = await anna.say("what have you got about the sea?");
  const { usages } = told;
  return { summary: asked.proposed[0]?.proposal.summary, done: done.text, told: told.text, usages };
}

const script = [
  { toolUse: [{ name: "reserve_book", input: { title: "The Waves" } }] },
  { toolUse: [{ name: "find_books", input: { word: "sea" } }] },
  { text: "We have The Sea Around Us." },
];

it("asks the model once, and answers the same from the file when nobody is there", async () => {
  api.script(script);
  const first = recorded();
  expect(first.isRecording).toBe(true);
  const before = await conversation(first);
  first.done();
  expect(before.told).toContain("The Sea Around Us");
  expect(before.usages.every(({ inputTokens, outputTokens }) => inputTokens > 0 && outputTokens > 0)).toBe(true);
  expect(written()).not.toMatch(/test-key|x-api-key|anthropic-version/iu);
  expect(readdirSync(join(folder, "deep"))).toEqual(["greeting.json"]);
  await api.close();
  const second = recorded({ CI: "true" });
  expect(second.isRecording).toBe(false);
  expect(await conversation(second)).toEqual(before);
  second.done();
});

it("fails with what differs where a request has changed, and records anew when it is told to", async () => {
  api.script(script);
  await conversation(recorded(), "Friendly and brief.");
  const requests = api.requests.length;
  const changed = recorded();
  const failed = conversation(changed, "Friendly and brief, never pushy.");
  await expect(failed).rejects.toThrow(/greeting\.json has no answer to request 3: it differs from the next one/u);
  await expect(failed).rejects.toThrow(
    /\n- .*Friendly and brief\..*\n\+ .*Friendly and brief, never pushy\..*\nRecord it anew: PARLEY_RECORD=1/u,
  );
  expect(() => changed.done()).toThrow("no answer to request 3");
  expect(api.requests).toHaveLength(requests);
  api.script(script);
  await conversation(recorded({ PARLEY_RECORD: "1" }), "Friendly and brief, never pushy.");
  await conversation(recorded(), "Friendly and brief, never pushy.");
  expect(api.requests).toHaveLength(2 * requests);
});

it("asks nobody in CI: a recording that is missing is told", async () => {
  const model = recorded({ CI: "true" });
  await expect(model.invoke("hello")).rejects.toMatchObject({ code: "testing/no-recording" });
  expect(api.requests).toEqual([]);
  expect(existsSync(file)).toBe(false);
});

it("keeps what was answered before a failure, and no failure", async () => {
  api.script([{ text: "One." }, ...times(3, connectionDropped)]);
  const model = recorded();
  await model.invoke("first");
  await expect(model.invoke("second")).rejects.toThrow();
  const replayed = recorded();
  expect((await replayed.invoke("first")).text).toBe("One.");
  await expect(replayed.invoke("second")).rejects.toThrow(
    /request 2: all its answers are used up\.\n {2}asked: "second"/u,
  );
});

it("replays each answer once, in whatever order it is asked", async () => {
  api.script([{ text: "One." }, { text: "Two." }, { text: "Two again." }]);
  const model = recorded();
  for (const words of ["first", "second", "second"]) await model.invoke(words);
  const replayed = recorded();
  const answers = [];
  for (const words of ["second", "first", "second"]) answers.push((await replayed.invoke(words)).text);
  expect(answers).toEqual(["Two.", "One.", "Two again."]);
  replayed.done();
  const left = recorded();
  await left.invoke("second");
  expect(() => left.done()).toThrow(/has 2 answers that nobody asked for:\n {2}asked: "first"/u);
});

it("writes no secret down", async () => {
  const environment = { SHOP_API_KEY: "hunter2-hunter2", PATH: "/usr/bin" };
  api.script([{ text: "It is hunter2-hunter2." }]);
  const words = "the key hunter2-hunter2, sk-ant-api03-abcdefghijklmnop and /usr/bin";
  await recorded(environment).invoke(words);
  expect(written()).not.toMatch(/hunter2|abcdefghijklmnop/u);
  expect(written()).toContain("the key [SHOP_API_KEY], [secret] and /usr/bin");
  expect((await recorded(environment).invoke(words)).text).toBe("It is [SHOP_API_KEY].");
});

it("says what is wrong with a file that is no recording", async () => {
  api.script([{ text: "One." }]);
  await recorded().invoke("first");
  writeFileSync(file, written().replace('"version": 1', '"version": 2'));
  expect(() => recorded()).toThrow(/greeting\.json cannot be read: .*version/su);
  writeFileSync(file, written().slice(0, 40));
  expect(() => recorded()).toThrow(/greeting\.json cannot be read: .*\nRecord it anew/su);
});
