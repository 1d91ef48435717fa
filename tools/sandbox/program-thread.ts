/**
 * The thread of one program. QuickJS runs it inside a WebAssembly memory that cannot grow past its maximum, and reaches
 * nothing but a function that takes console lines; the parent ends the thread when its time is over.
 */
import { parentPort, workerData } from "node:worker_threads";
import releaseVariant from "@jitl/quickjs-wasmfile-release-sync";
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSSyncVariant,
} from "quickjs-emscripten-core";
import { z } from "zod";
import { WebAssembly } from "./web-assembly.ts";
import type { ProgramMessage, ProgramTask } from "./program.ts";

const Task: z.ZodType<ProgramTask> = z.object({
  code: z.string(),
  input: z.string(),
  limits: z.object({ memoryPages: z.number(), outputCharacters: z.number() }),
  engine: z.instanceof(WebAssembly.Module),
});

/** Its types describe another form of module than Node loads. */
const Variant = z.custom<QuickJSSyncVariant>(
  (value) => typeof value === "object" && value !== null && "importFFI" in value,
  "a variant of QuickJS",
);

/** What QuickJS itself was built with: less does not start. */
const FIRST_PAGES = 256;
const PAGE_BYTES = 64 * 1024;
/** QuickJS counts its own stack and throws an error that the program can read, before WebAssembly's runs out. */
const STACK_BYTES = 256 * 1024;
const CONSOLE_LINES = 100;
const LINE_CHARACTERS = 1_000;

/** Runs before the program, which cannot reach what these closures hold. Gives what turns a result into JSON. */
const PRELUDE = `(function (say) {
  "use strict";
  const { stringify } = JSON;
  const { apply } = Reflect;
  const { slice } = String.prototype;
  const written = (value) => {
    if (typeof value === "string") return value;
    if (value instanceof Error) return String(value);
    try { return stringify(value) ?? String(value); } catch { return String(value); }
  };
  const line = (...values) => {
    let text = "";
    for (let at = 0; at < values.length; at += 1) text += (at === 0 ? "" : " ") + written(values[at]);
    say(apply(slice, text, [0, ${LINE_CHARACTERS}]));
  };
  globalThis.console = { log: line, info: line, warn: line, error: line, debug: line };
  const plain = (_key, value) => {
    if (typeof value === "bigint") return String(value);
    if (value instanceof Map) return [...value];
    return value instanceof Set ? [...value] : value;
  };
  return (value) => stringify(value, plain);
})`;

function tell(message: ProgramMessage): void {
  parentPort?.postMessage(message, []);
}

async function run({ code, input, limits, engine }: ProgramTask): Promise<ProgramMessage> {
  const memory = new WebAssembly.Memory({ initial: FIRST_PAGES, maximum: limits.memoryPages });
  const variant = newVariant(Variant.parse(releaseVariant), { wasmModule: engine, wasmMemory: memory });
  const isFull = (): boolean => memory.buffer.byteLength / PAGE_BYTES > limits.memoryPages / 2;
  const quickjs = await newQuickJSWASMModuleFromVariant(variant);
  const runtime = quickjs.newRuntime({ maxStackSizeBytes: STACK_BYTES });
  const context = runtime.newContext();
  const toJson = prepare(context, input);
  tell({ type: "started" });
  const evaluated = context.evalCode(code, "program.js");
  if (evaluated.error) return failure(context, evaluated.error, isFull);
  const settled = settle(context, evaluated.value);
  if (settled.error) return failure(context, settled.error, isFull);
  const json = context.callFunction(toJson, context.undefined, settled.value);
  if (json.error) return failure(context, json.error, isFull);
  if (context.typeof(json.value) !== "string") return { type: "value" };
  // Looked at before it is taken over: a long one would have to fit in here as well.
  if (lengthOf(context, json.value) > limits.outputCharacters) return { type: "stopped", why: "output" };
  return { type: "value", json: context.getString(json.value) };
}

/** Hands in what the program may use; the rest of the world is not there. */
function prepare(context: QuickJSContext, input: string): QuickJSHandle {
  let lines = 0;
  const say = context.newFunction("say", (handle) => {
    lines += 1;
    if (lines > CONSOLE_LINES || context.typeof(handle) !== "string") return;
    if (lengthOf(context, handle) <= LINE_CHARACTERS) tell({ type: "console", line: context.getString(handle) });
  });
  const prelude = context.unwrapResult(context.evalCode(PRELUDE, "prelude.js"));
  const toJson = context.unwrapResult(context.callFunction(prelude, context.undefined, say));
  const parse = context.unwrapResult(context.evalCode("JSON.parse", "prelude.js"));
  const value = context.unwrapResult(context.callFunction(parse, context.undefined, context.newString(input)));
  context.setProp(context.global, "input", value);
  return toJson;
}

/** The value of a promise, once everything that it waits for has run. A promise of nothing to come never settles. */
function settle(context: QuickJSContext, handle: QuickJSHandle): SettledValue {
  const jobs = context.runtime.executePendingJobs();
  if (jobs.error) return { error: jobs.error };
  const state = context.getPromiseState(handle);
  if (state.type === "fulfilled") return { value: state.value };
  if (state.type === "rejected") return { error: state.error };
  return { error: context.newError("The program's promise never settles: there are no timers here.") };
}

type SettledValue = { readonly error: QuickJSHandle } | { readonly error?: undefined; readonly value: QuickJSHandle };

function lengthOf(context: QuickJSContext, text: QuickJSHandle): number {
  return context.getProp(text, "length").consume((length) => context.getNumber(length));
}

/** What was thrown, as far as it can be read safely: a getter of the program's may stand behind every property. */
function failure(context: QuickJSContext, thrown: QuickJSHandle, isFull: () => boolean): ProgramMessage {
  const word = (handle: QuickJSHandle): string =>
    context.typeof(handle) === "string" && lengthOf(context, handle) <= LINE_CHARACTERS * 4
      ? context.getString(handle)
      : "";
  const property = (name: string): string => word(context.getProp(thrown, name));
  if (context.typeof(thrown) !== "object") return { type: "error", message: `Uncaught ${word(thrown)}`.trim() };
  // Where not even the error fits any more, null is thrown.
  const isNull = context.sameValue(thrown, context.null);
  if (isNull && isFull()) return { type: "stopped", why: "memory" };
  if (isNull) return { type: "error", message: "Uncaught null" };
  const [name, text] = [property("name"), property("message")];
  if (name === "InternalError" && text === "out of memory") return { type: "stopped", why: "memory" };
  const [, line] = /program\.js:(\d+)/u.exec(property("stack")) ?? [];
  const message = `${name === "" ? "Error" : name}: ${text}${line === undefined ? "" : ` (line ${line})`}`;
  return { type: "error", message: message.slice(0, LINE_CHARACTERS) };
}

try {
  tell(await run(Task.parse(workerData)));
} catch (thrown) {
  // WebAssembly gave up in the middle of something: its memory or its stack is used up.
  if (!(thrown instanceof WebAssembly.RuntimeError || thrown instanceof RangeError)) throw thrown;
  tell({ type: "stopped", why: "memory" });
}
