import { describe, expect, it } from "vitest";
import type { Json } from "../../core/json.ts";
import { runProgram } from "./run-program.ts";

/** A busy machine is many times slower: only what never ends is stopped by time. */
const AMPLE_MS = 30_000;
const SHORT_MS = 500;
const limits = { timeoutMs: AMPLE_MS, memoryMegabytes: 64, outputCharacters: 20_000 };

async function run(code: string, input: Json = null, signal = new AbortController().signal) {
  return await runProgram({ code, input, signal }, limits);
}

/** What a process may hold more while one program runs: its memory, its thread, and the compiler of this test. */
const MOST_MORE_MEGABYTES = 64 + 150;

/** Runs a program while the process goes on with its own work. */
async function watched(code: string, timeoutMs = AMPLE_MS) {
  const before = process.memoryUsage.rss();
  let most = before;
  let beats = 0;
  const beat = setInterval(() => {
    beats += 1;
    most = Math.max(most, process.memoryUsage.rss());
  }, 10);
  const { signal } = new AbortController();
  const result = await runProgram({ code, signal }, { ...limits, timeoutMs });
  clearInterval(beat);
  return { result, beats, moreMegabytes: (most - before) / 1024 ** 2 };
}

describe("a program", () => {
  it("gets data and gives the value of its last expression, with what it wrote to the console", async () => {
    expect(await run("console.log('rows', input.length, { a: 1 });\ninput.map((one) => one * 2)", [1, 2])).toEqual({
      status: "done",
      value: [2, 4],
      console: ['rows 2 {"a":1}'],
    });
  });

  it("may give a promise, and what JSON has no form for", async () => {
    const code = "(async () => { await 0; return { big: 12n, map: new Map([[1, 2]]), set: new Set([3]) }; })()";
    expect(await run(code)).toMatchObject({ status: "done", value: { big: "12", map: [[1, 2]], set: [3] } });
  });

  it("that gives nothing gives null", async () => {
    expect(await run("let a = 1;")).toMatchObject({ status: "done", value: null });
  });

  it.each([
    ["let a = 1;\nnull.x", "TypeError: cannot read property 'x' of null (line 2)"],
    ["let a = ;", "SyntaxError: unexpected token in expression: ';' (line 1)"],
    ["throw 'no rows'", "Uncaught no rows"],
    ["throw null", "Uncaught null"],
    ["new Promise(() => {})", "Error: The program's promise never settles: there are no timers here."],
    ["(function f() { return f() + 1; })()", "InternalError: stack overflow"],
  ])("is told what is wrong with it: %s", async (code, error) => {
    const result = await run(code);
    expect(result.status === "error" && result.error).toContain(error);
  });

  it("finds nothing of the world around it", async () => {
    const names = "['process','require','fetch','setTimeout','WebAssembly','Worker','std','os','Deno']";
    expect(await run(`${names}.filter((name) => name in globalThis)`)).toMatchObject({ value: [] });
    expect(await run("console.log.constructor('return typeof process')()")).toMatchObject({ value: "undefined" });
    expect(await run("import('node:fs').then((fs) => Object.keys(fs))")).toMatchObject({ status: "error" });
  });

  it("changes no prototype but its own", async () => {
    const result = await run(
      "Object.prototype.toJSON = () => 'own'; Array.prototype.slice = null; String.prototype.slice = null;" +
        "console.log('x'); JSON.parse('{\"__proto__\":{\"polluted\":1}}')",
    );
    expect(result).toMatchObject({ status: "done", value: "own", console: ["x"] });
    expect(await run(`({ ["__proto__"]: { polluted: 1 } })`)).toMatchObject({ status: "done" });
    expect("polluted" in {}).toBe(false);
  });
});

describe("a program that is out for harm", () => {
  it.each([
    ["an endless loop", "for(;;){}"],
    ["a pattern that backtracks for ever", '/^(a+)+$/.test("a".repeat(40) + "b")'],
    ["promises without end", "(function f() { Promise.resolve().then(f); })(); 1"],
    ["an error whose name never comes", "throw { get name() { for(;;) {} } }"],
    ["a comparison that never ends", "[3, 1, 2].sort(() => { for(;;) {} })"],
    ["memory errors that it catches", "const l = []; for(;;) { try { l.push('y'.repeat(1e6) + l.length) } catch {} }"],
  ])("is stopped when its time is over: %s", async (_name, code) => {
    const { result, beats, moreMegabytes } = await watched(code, SHORT_MS);
    expect(result).toMatchObject({ status: "stopped", why: "time" });
    expect(moreMegabytes).toBeLessThan(MOST_MORE_MEGABYTES);
    expect(beats).toBeGreaterThan(5);
  });

  it.each([
    ["one string of 200 MB, in pieces", '"x".repeat(2e8).split("")'],
    ["ten million strings", '"x".repeat(1e7).split("").length'],
    ["buffers", "const l = []; for(;;) l.push(new Uint8Array(1e6))"],
    ["a result that does not fit twice", '"x".repeat(6e7)'],
  ])("gets no more memory than it may have: %s", async (_name, code) => {
    const { result, moreMegabytes } = await watched(code);
    expect(result).toMatchObject({ status: "stopped", why: "memory" });
    expect(moreMegabytes).toBeLessThan(MOST_MORE_MEGABYTES);
  });

  it.each([
    ["a long text", '"x".repeat(1e6)'],
    ["data that is nested deeper than anybody reads", "let a = []; for (let i = 0; i < 5_000; i += 1) a = [a]; a"],
  ])("gives out no more than it may: %s", async (_name, code) => {
    expect(await run(code)).toMatchObject({ status: "stopped", why: "output" });
  });

  it("overflows no stack but its own with nested JSON", async () => {
    const result = await run('JSON.parse("[".repeat(1e6) + "]".repeat(1e6))');
    expect(result).toMatchObject({ status: "error", error: expect.stringContaining("stack overflow") });
  });

  it("fills the console with no more than a hundred lines", async () => {
    const { console: lines } = await run("for (let i = 0; i < 300; i += 1) console.log('x'.repeat(1e5))");
    expect(lines).toHaveLength(100);
    expect(lines.every(({ length }) => length <= 1_000)).toBe(true);
  });
});

describe("many programs", () => {
  it("that are no longer wanted are ended, whether they run or wait", async () => {
    const caller = new AbortController();
    const running = Array.from({ length: 8 }, async () => await run("for(;;){}", null, caller.signal));
    const settled = Promise.allSettled(running);
    caller.abort(new Error("the person left"));
    const reasons = (await settled).map((one) => one.status === "rejected" && one.reason.message);
    expect(new Set(reasons)).toEqual(new Set(["the person left"]));
    expect(await run("1 + 1")).toMatchObject({ value: 2 });
  });

  it("are refused where too many wait", async () => {
    const caller = new AbortController();
    const asked = Array.from({ length: 60 }, async () => await run("for(;;){}", null, caller.signal));
    const first = await Promise.race(asked.map(async (one) => await one.catch((thrown: unknown) => thrown)));
    expect(first).toMatchObject({ code: "sandbox/busy", retryable: true });
    caller.abort();
    await Promise.allSettled(asked);
  });
});
