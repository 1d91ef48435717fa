import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { defineTool } from "../../core/define-tool.ts";
import { ParleyError } from "../../core/errors.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { directoryFiles } from "../../core/files/directory-files.ts";
import { sqliteDatabases } from "../../core/store/databases.ts";
import type { Telemetry } from "../../core/telemetry.ts";
import type { Tool, ToolContext } from "../../core/tool.ts";
import type { TraceStep } from "../../core/trace.ts";
import { chatter, NOON, temporaryFolder, testEnvironment, type TestClock } from "../../test/support/bank-chat.ts";
import { createToolset, type OpenToolset } from "./index.ts";

let folder: ReturnType<typeof temporaryFolder>;
let clock: TestClock;
let toolset: OpenToolset | undefined;

beforeEach(() => {
  folder = temporaryFolder();
  clock = { now: NOON };
});
afterEach(async () => {
  await toolset?.close();
  toolset = undefined;
  folder.remove();
});

interface Behaviour {
  readonly name?: string;
  readonly scopes?: readonly string[];
  readonly execute?: (context: ToolContext & { readonly idempotencyKey: string }) => Promise<string>;
}

function echo({ name = "echo", scopes = [], execute }: Behaviour = {}): Tool {
  return defineTool({
    name,
    description: "Says it again.",
    input: z.strictObject({ text: z.string().max(100) }),
    risk: "low",
    confirmation: "never",
    scopes,
    depends: "public",
    execute: async ({ text }, context) => ({ value: (await execute?.(context)) ?? text }),
  });
}

async function open(
  tools: readonly Tool[],
  more: { readonly timeoutMs?: number; readonly telemetry?: Telemetry } = {},
) {
  toolset = await createToolset({
    bot: "harbour",
    tools,
    databases: sqliteDatabases(folder.path),
    files: directoryFiles(folder.path),
    environment: testEnvironment(clock),
    telemetry: silentTelemetry,
    ...more,
  });
  return chatter(toolset, clock);
}

describe("a call", () => {
  it("gives the tool's result, with a key made from event and call", async () => {
    const keys: string[] = [];
    const person = await open([echo({ execute: async ({ idempotencyKey }) => String(keys.push(idempotencyKey)) })]);
    expect(await person.call("echo", { text: "a" }, { eventId: "e1", callId: "c1" })).toEqual({
      status: "done",
      result: { value: "1" },
    });
    expect(keys).toEqual(["e1:c1"]);
  });

  it("of an unknown tool or with wrong arguments is refused as data, and nothing runs", async () => {
    let runs = 0;
    const person = await open([echo({ execute: async () => String((runs += 1)) })]);
    expect(await person.call("ehco", {})).toMatchObject({
      status: "refused",
      code: "tool/unknown",
      message: expect.stringContaining("echo"),
    });
    const cyclic: Record<string, unknown> = {};
    cyclic["self"] = cyclic;
    const wrong = [
      null,
      7,
      "x",
      [],
      {},
      { text: 7 },
      { text: "a", more: 1 },
      { text: "x".repeat(101) },
      { text: "x".repeat(40_000) },
      cyclic,
      { text: 1n },
      () => 1,
    ];
    for (const input of wrong) {
      expect(await person.call("echo", input)).toMatchObject({ status: "refused", code: "tool/invalid-input" });
    }
    expect(runs).toBe(0);
  });

  it("needs every scope of the tool", async () => {
    await open([echo({ scopes: ["private"] }), echo({ name: "rule", scopes: ["private", "admin"] })]);
    if (toolset === undefined) throw new Error("not open");
    const group = chatter(toolset, clock, { chatType: "group" });
    expect(await group.call("echo", { text: "a" })).toMatchObject({
      code: "tool/private",
      message: expect.stringContaining("write to me directly"),
    });
    const direct = chatter(toolset, clock);
    expect(await direct.call("echo", { text: "a" })).toMatchObject({ status: "done" });
    expect(await direct.call("rule", { text: "a" })).toMatchObject({ status: "refused", code: "tool/not-allowed" });
  });

  it("whose tool says why not gives that; whose tool has a bug gives neutral words and a loud log", async () => {
    const logged: object[] = [];
    const log = { ...silentTelemetry.log, error: (fields: object) => void logged.push(fields) };
    const person = await open(
      [
        echo({ name: "polite", execute: () => Promise.reject(new ParleyError("x/no", "Not today.", { status: 409 })) }),
        echo({ name: "broken", execute: () => Promise.reject(new TypeError("secret 1234 is undefined")) }),
        echo({ name: "storeless", execute: () => Promise.reject(new ParleyError("store/database", "/path is full")) }),
      ],
      { telemetry: { ...silentTelemetry, log } },
    );
    expect(await person.call("polite", { text: "a" })).toEqual({
      status: "refused",
      code: "x/no",
      message: "Not today.",
    });
    const broken = await person.call("broken", { text: "a" });
    expect(broken).toMatchObject({ status: "failed", code: "tool/failed" });
    expect(JSON.stringify([broken, await person.call("storeless", { text: "a" })])).not.toMatch(/1234|path/);
    expect(logged).toHaveLength(2);
  });

  it("that takes too long ends, also when the tool ignores its signal", async () => {
    const signals: AbortSignal[] = [];
    const hang = async ({ signal }: ToolContext): Promise<string> => {
      signals.push(signal);
      return await new Promise<string>(() => undefined);
    };
    const person = await open([echo({ execute: hang })], { timeoutMs: 30 });
    expect(await person.call("echo", { text: "a" })).toMatchObject({ status: "failed", code: "tool/timeout" });
    expect(signals[0]?.aborted).toBe(true);
  });

  it("throws nothing but the reason of the turn's abort", async () => {
    const person = await open([echo({ execute: async () => await new Promise<string>(() => undefined) })]);
    const controller = new AbortController();
    const context = person.contextFor("e", { signal: controller.signal });
    const running = toolset?.forTurn(context).call("echo", { text: "a" }, "c");
    controller.abort(new Error("the turn was cancelled"));
    await expect(running).rejects.toThrow("the turn was cancelled");
  });

  it("leaves a trace step with name, outcome and time, and no arguments", async () => {
    const person = await open([echo()]);
    const steps: Omit<TraceStep, "at">[] = [];
    const context = person.contextFor("e", { trace: (step) => void steps.push(step) });
    await toolset?.forTurn(context).call("echo", { text: "a secret" }, "c");
    await toolset?.forTurn(context).call("nope", {}, "c");
    expect(steps).toEqual([
      { kind: "tool", name: "echo", outcome: "done", milliseconds: 0 },
      { kind: "tool", name: "unknown", outcome: "refused", detail: "tool/unknown", milliseconds: 0 },
    ]);
  });
});

describe("a failing service", () => {
  it("is left alone after five failures in a row, and asked again after a minute", async () => {
    let healthy = false;
    let runs = 0;
    const person = await open([
      echo({
        execute: async () => {
          runs += 1;
          if (!healthy) throw new ParleyError("x/down", "down", { retryable: true });
          return "up";
        },
      }),
    ]);
    const call = async () => await person.call("echo", { text: "a" });
    for (let failure = 0; failure < 5; failure += 1) expect(await call()).toMatchObject({ code: "x/down" });
    expect(await call()).toMatchObject({ status: "failed", code: "breaker/open" });
    expect(runs).toBe(5);
    healthy = true;
    clock.now += 60_000;
    expect(await call()).toMatchObject({ status: "done" });
  });

  it("is not suspected because it refuses", async () => {
    const person = await open([
      echo({ execute: () => Promise.reject(new ParleyError("x/no", "no", { status: 409 })) }),
    ]);
    for (let call = 0; call < 8; call += 1)
      expect(await person.call("echo", { text: "a" })).toMatchObject({ code: "x/no" });
  });
});

describe("opening", () => {
  it("refuses two tools of one name, and high risk without confirmation", async () => {
    await expect(open([echo(), echo()])).rejects.toMatchObject({ code: "tool/duplicate" });
    const risky: Tool = { ...echo(), risk: "high" };
    await expect(open([risky])).rejects.toMatchObject({ code: "tool/unconfirmed-risk" });
  });

  it("audits every call, and says so in its check", async () => {
    const person = await open([echo()]);
    await person.call("echo", { text: "a" });
    await person.call("nope", {});
    expect(await toolset?.check()).toMatchObject([{ status: "ok", detail: expect.stringContaining("2 entries") }]);
  });
});
