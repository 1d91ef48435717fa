import type { ConnectContext } from "../../core/adapter-binding.ts";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, describe, expect, it } from "vitest";
import type { Normalized } from "../../core/adapter.ts";
import { conversationId } from "../../core/conversation-id.ts";
import { adapterConformance, quietContext, sampleReplies } from "../../core/testing/index.ts";
import { consoleAdapter } from "./index.ts";
import { manifest } from "./manifest.ts";
import { normalizeConsole } from "./normalize.ts";
import { renderConsole } from "./render.ts";

const at = "2026-11-21T10:00:00.000Z";
const line = (id: string, text: string) => ({ type: "line", id, at, user: "ann", text });

/** A terminal made of two streams: what is typed, what is printed. */
function terminal() {
  const input = new PassThrough();
  const output = new PassThrough();
  let printed = "";
  output.on("data", (chunk: Buffer) => {
    printed += chunk.toString("utf8");
  });
  return { input, output, printed: () => printed };
}

const settle = async (): Promise<void> => await new Promise((resolve) => setTimeout(resolve, 5));

const folder = mkdtempSync(join(tmpdir(), "parley-console-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("console adapter", () => {
  const cases = adapterConformance({
    adapter: consoleAdapter,
    settings: {},
    fixtures: [
      { raw: line("1", "hello"), type: "message", text: "hello", userId: "ann" },
      { raw: line("2", "/balance today"), type: "command", text: "/balance today", userId: "ann" },
      {
        raw: { type: "choice", id: "3", at, user: "ann", choiceId: "a", value: "savings" },
        type: "action",
        text: "savings",
        userId: "ann",
      },
    ],
    open: async () => {
      const { input, output, printed } = terminal();
      return {
        settings: { input, output, user: "ann", piped: true, folder },
        connected: async () => ({
          say: async (text: string) => {
            input.write(`${text}\n`);
            await settle();
          },
          seen: () => [printed()],
        }),
        close: async () => {},
      };
    },
  });
  it.each(cases.map((one) => [`${one.group}: ${one.name}`, one] as const))("%s", async (_name, { run }) => await run());

  it("prints Markdown without marks, with choices left to the menu", () => {
    const [payload] = renderConsole(
      sampleReplies.markdown,
      {
        capabilities: manifest.capabilities,
        plain: true,
      },
      { typedCodeFrom: 1000 },
    ).parts;
    expect(payload?.plain).not.toContain("**");
    expect(payload?.plain).toContain("debit card");
  });

  it("keeps a table in columns that fits into a terminal", () => {
    const cells = ["Nov 18, 2026", "Bakery Sonnenschein", "Contactless payment", "-€18.50"];
    const text = `| Date | With | For | Amount |\n| --- | --- | --- | ---: |\n| ${cells.join(" | ")} |`;
    const reply = { ...sampleReplies.markdown, text };
    for (const plain of [true, false]) {
      const [payload] = renderConsole(
        reply,
        { capabilities: manifest.capabilities, plain },
        { typedCodeFrom: 1000 },
      ).parts;
      for (const shown of [payload?.plain, payload?.styled]) expect(shown).toContain(cells.join("  "));
    }
  });

  it("web-and-operations C: puts Cancel first, and from a sum on leaves Confirm to the typed code", () => {
    const proposal = (sum: number) => ({
      id: "r",
      text: "Please check.",
      sources: [],
      confidence: 1,
      disclaimers: [],
      processingTimeMs: 1,
      model: "none",
      proposal: {
        id: "p",
        summary: "Send",
        facts: [{ label: "Amount", value: `${sum} euros`, number: sum, isMain: true }],
        code: "ABC234",
        expiresAt: at,
      },
      choices: [
        { id: "confirm:p", label: "Confirm", value: "confirm" },
        { id: "cancel:p", label: "Cancel", value: "cancel" },
      ],
    });
    const ids = (sum: number, typedCodeFrom: number) =>
      renderConsole(
        proposal(sum),
        { capabilities: manifest.capabilities, plain: true },
        { typedCodeFrom },
      ).parts[0]?.choices.map(({ id }) => id);
    expect(ids(15, 1000)).toEqual(["cancel:p", "confirm:p"]);
    expect(ids(999.99, 1000)).toEqual(["cancel:p", "confirm:p"]);
    expect(ids(1_000, 1000)).toEqual(["cancel:p"]);
    expect(ids(15, 0)).toEqual(["cancel:p"]);
  });

  it("saves files under names that are free and lead nowhere, and says where", async () => {
    const { input, output, printed } = terminal();
    const bound = consoleAdapter.bind({ input, output, user: "ann", piped: true, folder });
    const openFile = async (key: string) =>
      (async function* () {
        yield Buffer.from(`bytes of ${key}`);
      })();
    const session = await bound.connect({ ...contextOf([]), openFile });
    const files = ["report.csv", "../../report.csv"].map((name, index) => ({
      name,
      mediaType: "text/csv",
      spoolKey: `k${index}`,
    }));
    const reply = { ...sampleReplies.plain, text: "Here.", files };
    const [payload] = bound.render(reply, { capabilities: manifest.capabilities, plain: true }).parts;
    const place = { conversation: conversationId({ platform: "console", account: "main", chat: "ann" }) };
    const sent = {
      ...place,
      target: { chat: "ann", userId: "ann" },
      payload: payload ?? expect.fail(),
      eventId: "e1",
      part: 0,
      partCount: 1,
      signal: new AbortController().signal,
    };
    await session.send({ ...sent, key: "r1", replyIndex: 0, replyCount: 2 });
    await session.send({ ...sent, key: "r2", replyIndex: 1, replyCount: 2 });
    const paths = [...printed().matchAll(/Saved: (.+)/gu)].map(([, path = ""]) => path);
    expect(new Set(paths).size).toBe(4);
    expect(paths.every((path) => path.startsWith(join(folder, "report")))).toBe(true);
    expect(paths.map((path) => readFileSync(path, "utf8")).toSorted()).toEqual(
      ["k0", "k0", "k1", "k1"].map((key) => `bytes of ${key}`),
    );
    // The header of the terminal, and once above the two replies.
    expect(printed().match(/Harbour/gu)).toHaveLength(2);
    await session.close();
  });

  it("ignores an empty line with a reason", () => {
    expect(normalizeConsole(line("1", "   "))).toMatchObject({ ignored: "an empty line" });
  });
});

describe("a piped console", () => {
  it("offers choices as numbers and reads a typed number as the choice", async () => {
    const { input, output, printed } = terminal();
    const bound = consoleAdapter.bind({ input, output, user: "ann", piped: true });
    const accepted: Normalized[] = [];
    const session = await bound.connect(contextOf(accepted));
    const [payload] = bound.render(sampleReplies.choices, {
      capabilities: manifest.capabilities,
      plain: false,
    }).parts;
    await session.send({
      conversation: conversationId({ platform: "console", account: "main", chat: "ann" }),
      target: { chat: "ann", userId: "ann" },
      payload: payload ?? expect.fail(),
      key: "reply-1",
      eventId: "e1",
      replyIndex: 0,
      replyCount: 1,
      part: 0,
      partCount: 1,
      signal: new AbortController().signal,
    });
    expect(printed()).toContain("2. Savings");
    input.write("2\n");
    input.write("2\n");
    await settle();
    expect(accepted).toMatchObject([
      { event: { type: "action", choiceId: "savings", value: "the savings account" } },
      { event: { type: "message", text: "2" } },
    ]);
    await session.close();
  });
});

function contextOf(accepted: Normalized[]): ConnectContext {
  return quietContext("console", {
    bot: { id: "b", name: "Harbour" },
    accept: async (normalized) => {
      accepted.push(normalized);
      return undefined;
    },
  });
}
