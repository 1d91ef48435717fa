/** Runs programs that nobody has looked at: each in a thread of its own, which is ended when its time is over. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { availableParallelism } from "node:os";
import type { Worker } from "node:worker_threads";
import pLimit from "p-limit";
import { needPackages } from "../../core/config/missing-package.ts";
import { ParleyError } from "../../core/errors.ts";
import { isTooDeep, Json } from "../../core/json.ts";
import { startThread } from "../../core/start-thread.ts";
import { untilAborted } from "../../core/timing/signals.ts";
import { WebAssembly } from "./web-assembly.ts";
import { ProgramMessage, type ProgramResult, type ProgramTask } from "./program.ts";

/** What runs the programs: peers of this package. */
export const SANDBOX_PACKAGES = ["quickjs-emscripten-core", "@jitl/quickjs-wasmfile-release-sync"];
export const SANDBOX = "Running programs";

export interface ProgramLimits {
  /** How long a program may run, in ms. */
  readonly timeoutMs: number;
  /** Memory of a program with its engine, in MB: at least 16, which the engine starts with. */
  readonly memoryMegabytes: number;
  /** The longest result, in characters of JSON. */
  readonly outputCharacters: number;
}

export interface Program {
  readonly code: string;
  /** What it finds as `input`. */
  readonly input?: Json;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

const PAGES_PER_MEGABYTE = 16;
/** A busy machine is slow to start a thread; that is not the program's fault. */
const START_MS = 15_000;
/** What waits longer than these take would be too late for its turn. */
const MOST_WAITING = 20;

/** One program less than processors at once, whichever bot of the process asks: the others' messages go on. */
const places = pLimit(Math.max(1, Math.min(4, availableParallelism() - 1)));

/**
 * Runs a program and gives its result, its error, or why it was stopped. Its result is the value of its last expression;
 * of a promise, what it resolves to.
 *
 * Throws `sandbox/busy` where too many wait already, `sandbox/no-start` where no thread could be started,
 * `package/missing` where QuickJS is not installed, and the signal's reason.
 */
export async function runProgram(program: Program, limits: ProgramLimits): Promise<ProgramResult> {
  const { signal } = program;
  const engine = await loadEngine();
  return await untilAborted(signal, async () => {
    if (places.pendingCount >= MOST_WAITING) throw busy();
    return await places(async () => {
      signal.throwIfAborted();
      return await inThread(taskOf(program, limits, engine), { signal, limits });
    });
  });
}

function busy(): ParleyError {
  const message = "Too many programs wait to be run. Try again in a moment.";
  return new ParleyError("sandbox/busy", message, { retryable: true, status: 503 });
}

function taskOf({ code, input = null }: Program, limits: ProgramLimits, engine: WebAssembly.Module): ProgramTask {
  const { memoryMegabytes, outputCharacters } = limits;
  const memoryPages = memoryMegabytes * PAGES_PER_MEGABYTE;
  return { code, input: JSON.stringify(input), limits: { memoryPages, outputCharacters }, engine };
}

let compiled: ReturnType<typeof compileEngine> | undefined;

/** QuickJS, compiled once a process; a failed load is tried again by the next program. */
async function loadEngine(): Promise<WebAssembly.Module> {
  compiled ??= compileEngine();
  try {
    return await compiled;
  } catch (thrown) {
    compiled = undefined;
    throw thrown;
  }
}

async function compileEngine(): Promise<WebAssembly.Module> {
  needPackages(SANDBOX, SANDBOX_PACKAGES);
  const path = fileURLToPath(import.meta.resolve("@jitl/quickjs-wasmfile-release-sync/wasm"));
  return await WebAssembly.compile(await readFile(path));
}

interface Watch {
  readonly signal: AbortSignal;
  readonly limits: ProgramLimits;
}

/** Ends the thread in every case, and waits until it is gone: only then is the next one's place free. */
async function inThread(task: ProgramTask, watch: Watch): Promise<ProgramResult> {
  const worker = startThread(import.meta.url, "program-thread", {
    workerData: task,
    env: {},
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 },
  });
  try {
    return await outcomeOf(worker, watch);
  } finally {
    await worker.terminate();
  }
}

async function outcomeOf(worker: Worker, { signal, limits }: Watch): Promise<ProgramResult> {
  const lines: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let aborted = (): void => undefined;
  try {
    return await new Promise<ProgramResult>((resolve, reject) => {
      const end = (ending: Ending): void => resolve({ ...ending, console: lines });
      const startTime = (milliseconds: number, over: () => void): void => {
        clearTimeout(timer);
        timer = setTimeout(over, milliseconds);
      };
      aborted = () => reject(signal.reason);
      signal.addEventListener("abort", aborted, { once: true });
      startTime(START_MS, () => reject(noStart("it took too long")));
      worker.on("message", (raw: unknown) => {
        const message = ProgramMessage.parse(raw);
        if (message.type === "console") lines.push(message.line);
        else if (message.type === "started") startTime(limits.timeoutMs, () => end({ status: "stopped", why: "time" }));
        else end(endingOf(message));
      });
      worker.once("error", (thrown) => {
        if (isOutOfMemory(thrown)) end({ status: "stopped", why: "memory" });
        else reject(noStart(thrown.message, { cause: thrown }));
      });
      worker.once("exit", () => reject(noStart("it ended by itself")));
    });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", aborted);
  }
}

type Ending = WithoutConsole<ProgramResult>;
type WithoutConsole<Result> = Result extends ProgramResult ? Omit<Result, "console"> : never;

function endingOf(message: Exclude<ProgramMessage, { readonly type: "console" | "started" }>): Ending {
  switch (message.type) {
    case "error":
      return { status: "error", error: message.message };
    case "stopped":
      return { status: "stopped", why: message.why };
    case "value": {
      const value: unknown = message.json === undefined ? null : JSON.parse(message.json);
      if (isTooDeep(value)) return { status: "stopped", why: "output" };
      return { status: "done", value: Json.parse(value) };
    }
  }
}

const isOutOfMemory = (thrown: Error): boolean => "code" in thrown && thrown.code === "ERR_WORKER_OUT_OF_MEMORY";

function noStart(reason: string, options?: ErrorOptions): ParleyError {
  return new ParleyError("sandbox/no-start", `The thread of a program could not do its work: ${reason}.`, {
    ...options,
    retryable: true,
  });
}
