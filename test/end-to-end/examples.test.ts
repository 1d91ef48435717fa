/** Every call of the reference is made as its example shows, on the sample bank. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { EXAMPLE } from "../../adapters/web/examples.ts";
import { startRuntime, type Runtime } from "../../cli/runtime/runtime.ts";
import { validateConfig } from "../../core/config/validate.ts";
import { packageDirectory } from "../../core/package-directory.ts";
import { bank, crew, web } from "../../index.ts";
import { recommend } from "../../tools/recommend/index.ts";

const Examples = z.record(z.string(), z.looseObject({ value: z.unknown() })).optional();
const Content = z.record(z.string(), z.looseObject({ schema: z.looseObject({}), examples: Examples }));
const Operation = z.looseObject({
  parameters: z.array(
    z.looseObject({ name: z.string(), in: z.string(), required: z.boolean(), example: z.string().optional() }),
  ),
  requestBody: z.looseObject({ content: Content }).optional(),
  responses: z.record(z.string(), z.looseObject({ content: Content.optional() })),
});
type Operation = z.infer<typeof Operation>;
const Document = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.looseObject({ schemas: z.record(z.string(), z.looseObject({})) }),
});
const Answer = z.looseObject({
  sessionId: z.string(),
  messageId: z.string(),
  replies: z.array(
    z.looseObject({
      text: z.string(),
      proposal: z.looseObject({ id: z.string() }).optional(),
      choices: z.array(z.looseObject({ value: z.string() })).optional(),
    }),
  ),
});

let runtime: Runtime;
const url = (): string => runtime.url ?? expect.fail("no gateway");

beforeAll(async () => {
  const accounts = bank();
  const tools = [accounts, recommend({ profileOf: accounts.profileOf, capture: "on" })];
  const exported = {
    bots: { harbour: { name: "Harbour", accounts: [web()], crew: crew({ model: "offline" }), tools } },
    gateway: { port: 0 },
    log: { level: "silent" },
  };
  const config = validateConfig(exported, "bots.config.ts", {
    environment: { PARLEY_DATA: mkdtempSync(join(tmpdir(), "parley-examples-")) },
    readFile: () => expect.fail("no file is read"),
  });
  const loaded = { config, file: "bots.config.ts", directory: packageDirectory() };
  runtime = await startRuntime(loaded, { roles: new Set(["adapters", "workers", "gateway"]) });
});
afterAll(async () => await runtime.close());

async function say(text: string, sessionId?: string) {
  const response = await fetch(`${url()}/api/v1/chat`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text, sessionId }),
  });
  return Answer.parse(await response.json());
}

/** Whether nothing of the example can be made here before. */
const namesNothing = (example: string): boolean => !Object.values(EXAMPLE).some((value) => example.includes(value));

const Problem = z.looseObject({ code: z.string(), status: z.int().refine((status) => status !== 500) });
function isRefusal(answer: string): boolean {
  const problem = Problem.safeParse(answer.startsWith("{") ? JSON.parse(answer) : undefined).data;
  return problem !== undefined && problem.code !== "gateway/invalid-request";
}

/** A conversation of its own for each call, with what the example names in it. */
async function realValues(example: string): Promise<Readonly<Record<string, string>>> {
  // An address begins only so many sessions a minute.
  if (namesNothing(example)) return {};
  const { sessionId, messageId } = await say("Hello");
  if (!example.includes(EXAMPLE.proposalId)) return { [EXAMPLE.sessionId]: sessionId, [EXAMPLE.messageId]: messageId };
  await say("link ANNA-7K42", sessionId);
  const { replies } = await say("Send 25 euros to Jana", sessionId);
  const { proposal } = replies.find((one) => one.proposal !== undefined) ?? {};
  return { [EXAMPLE.sessionId]: sessionId, [EXAMPLE.proposalId]: proposal?.id ?? expect.fail("no proposal") };
}

/** The call as its example shows it, in one text so that the values of the example can be replaced. */
function shown(path: string, operation: Operation): string {
  const [mediaType, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const [first] = Object.values(content?.examples ?? {});
  if (operation.requestBody !== undefined && first === undefined) expect.fail(`${path}: no example of the body`);
  return JSON.stringify({ address: addressOf(path, operation), mediaType, body: first?.value });
}

function addressOf(path: string, { parameters }: Operation): string {
  const exampleOf = (name: string): string =>
    parameters.find((one) => one.name === name)?.example ?? expect.fail(`${path}: no example of ${name}`);
  const filled = path.replaceAll(/\{(\w+)\}/gu, (_whole, name: string) => encodeURIComponent(exampleOf(name)));
  const asked = parameters.filter((one) => one.in === "query" && (one.required || one.example !== undefined));
  const query = new URLSearchParams(asked.map(({ name }): [string, string] => [name, exampleOf(name)]));
  return `${filled}?${query.toString()}`;
}

const Shown = z.object({ address: z.string(), mediaType: z.string().optional(), body: z.unknown().optional() });

async function send(method: string, { address, mediaType, body }: z.infer<typeof Shown>): Promise<Response> {
  if (mediaType === undefined) return await fetch(`${url()}${address}`, { method });
  const isText = typeof body === "string" && mediaType !== "application/json";
  const headers = { "content-type": mediaType };
  return await fetch(`${url()}${address}`, { method, headers, body: isText ? body : JSON.stringify(body) });
}

it("does what the reference says", async () => {
  const reference = await (await fetch(`${url()}/openapi.json`)).text();
  // Where a JSON Schema by itself looks for what several have in common.
  const { paths, components } = Document.parse(JSON.parse(reference.replaceAll("#/components/schemas/", "#/$defs/")));
  // Under the name of a bot there are the same calls once more.
  const described = Object.entries(paths).filter(([path]) => !path.startsWith("/api/v1/bots/"));
  const calls = described.flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  expect(calls.length).toBeGreaterThan(20);
  for (const { path, method, operation } of calls) {
    const name = `${method} ${path}`;
    const example = shown(path, operation);
    const real = Object.entries(await realValues(example)).reduce(
      (text, [from, to]) => text.replaceAll(from, to),
      example,
    );
    const { address, mediaType, body } = Shown.parse(JSON.parse(real));
    const response = await send(method, { address, mediaType, body });
    const answer = await response.text();
    // Its address, password or id is of nobody here: what it sends was understood all the same.
    if (namesNothing(example) && isRefusal(answer)) continue;
    if (!(response.status in operation.responses)) expect.fail(`${name}: ${response.status} ${answer}`);
    const schema = operation.responses[String(response.status)]?.content?.["application/json"]?.schema;
    if (schema === undefined) continue;
    const fits = z.fromJSONSchema({ ...schema, $defs: components.schemas }).safeParse(JSON.parse(answer));
    expect({ name, issues: fits.error?.issues }).toEqual({ name, issues: undefined });
  }
});

it("takes the value of a choice for a press of it, as the reference says", async () => {
  const { paths } = Document.parse(await (await fetch(`${url()}/openapi.json`)).json());
  const content = paths["/api/v1/chat"]?.["post"]?.requestBody?.content["application/json"];
  const { value } = content?.examples?.["example2"] ?? expect.fail("no example of a press");
  const { text } = z.object({ text: z.string() }).parse(value);

  const { sessionId } = await say("link ANNA-7K42");
  const { replies } = await say("Which savings product suits me?", sessionId);
  expect(replies.flatMap(({ choices = [] }) => choices)).toContainEqual(expect.objectContaining({ value: text }));
  const pressed = await say(text, sessionId);
  expect(pressed.replies[0]?.text).toContain("Harbour Saver Plus");
});

it("runs the typed client as the documents show it", { timeout: 120_000 }, async () => {
  const page = readFileSync(join(packageDirectory(), "docs/configuration.md"), "utf8");
  const [, example = ""] = /```ts\n([^`]*parleyjs\/client[\s\S]*?)```/u.exec(page) ?? [];
  const folder = mkdtempSync(join(packageDirectory(), ".parley-client-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "example.ts");
  writeFileSync(file, example.replace("http://127.0.0.1:8080", url()).replace("parleyjs/client", "../client/index.ts"));
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--import", "tsx", file]);
  expect(stderr).toBe("");
  expect(stdout).toMatch(/\n2 messages\n404 web\/unknown-session undefined\n$/u);
});
