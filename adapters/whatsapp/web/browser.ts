/** The browser's process seen from the bot's: started, watched, started anew, and asked to do things. */
import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { z } from "zod";
import type { Environment, Logger } from "../../../adapter.ts";
import { describeError, packageDirectory } from "../../../adapter.ts";
import type { Call, CallFailure, Fact, StartOptions, ToBrowser } from "./protocol.ts";
import { FromBrowser, Watched } from "./protocol.ts";
import type { Status, StatusEvent, WatchRules } from "./status.ts";
import { INITIAL_STATUS, nextStatus, pauseBeforeRestart, reasonToRestart } from "./status.ts";
import type { StoredSession } from "./stored-session.ts";

/** A call that did not succeed; `kind` says whether anything may have happened. */
export class BrowserCallError extends Error {
  override readonly name = "BrowserCallError";
  readonly kind: CallFailure["kind"];

  constructor({ kind, detail }: CallFailure) {
    super(detail);
    this.kind = kind;
  }
}

export interface BrowserOptions {
  readonly start: StartOptions;
  readonly session: StoredSession;
  readonly rules: WatchRules;
  readonly watchMs: number;
  readonly environment: Pick<Environment, "clock">;
  readonly log: Logger;
  readonly onRaw: (raw: unknown, heard: "live" | "missed") => void;
  /** Hears each fact after it changed the status. */
  readonly onFact: (fact: Fact) => void;
}

export interface Browser {
  readonly status: () => Status;
  /** Asks the process. Throws `BrowserCallError`. */
  readonly call: <Answer>(call: Call, answer: z.ZodType<Answer>) => Promise<Answer>;
  /** Stores the session and ends the process. */
  readonly close: () => Promise<void>;
}

const CALL_MS = 60_000;
const CLOSE_MS = 20_000;
const WATCH_CALL_MS = 15_000;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (failure: CallFailure) => void;
}

interface State {
  status: Status;
  fetching?: Promise<void>;
  child?: ChildProcess | undefined;
  browserPid?: number | undefined;
  restart?: NodeJS.Timeout;
  calls: number;
  readonly waiting: Map<number, Waiting>;
}

/** Starts the process, and again whenever it ends. */
export function createBrowser(options: BrowserOptions): Browser {
  const { environment, log, rules, session } = options;
  const state: State = { status: INITIAL_STATUS, calls: 0, waiting: new Map() };
  const apply = (event: StatusEvent): void => {
    const before = state.status.phase;
    state.status = nextStatus(state.status, event, environment.clock());
    const { phase, detail } = state.status;
    if (phase !== before) log.info({ from: before, to: phase, detail }, "WhatsApp Web changed its state");
  };

  const again = (): void => {
    if (state.status.phase !== "closed")
      state.restart = setTimeout(() => void spawn(), pauseBeforeRestart(state.status));
  };

  async function spawn(): Promise<void> {
    apply({ name: "spawned" });
    try {
      await (state.fetching = session.fetch());
    } catch (thrown) {
      apply({ name: "failed", reason: "browser", detail: `the session cannot be read: ${describeError(thrown)}` });
      apply({ name: "exited", detail: "it was not started" });
      return again();
    }
    if (state.status.phase === "closed") return;
    const child = startProcess();
    state.child = child;
    child.on("message", (message: unknown) => receive(options, state, apply, message));
    child.on("error", (error) => log.warn({ error: error.message }, "the browser's process cannot be talked to"));
    child.on("exit", (code, signal) => {
      apply({ name: "exited", detail: `its process ended (${signal ?? `code ${code}`})` });
      clearAway(state);
      again();
    });
    post(child, { type: "start", options: options.start });
  }

  const watch = setInterval(() => {
    const reason = reasonToRestart(state.status, environment.clock(), rules);
    if (reason !== undefined) {
      log.warn({ reason }, "WhatsApp Web is started anew");
      state.child?.kill("SIGKILL");
    } else if (state.status.phase === "ready" || state.status.phase === "degraded") {
      ask(state, { name: "watch" }, Watched, WATCH_CALL_MS)
        .then((seen) => apply({ name: "socket", state: seen.state ?? "unknown" }))
        .catch(() => apply({ name: "unresponsive" }));
    }
  }, options.watchMs);
  void spawn();
  return {
    status: () => state.status,
    call: async (call, answer) => await ask(state, call, answer, CALL_MS),
    close: async () => {
      clearInterval(watch);
      clearTimeout(state.restart);
      apply({ name: "closed" });
      await state.fetching?.catch(() => undefined);
      await stopProcess(state);
      // Before another machine takes over.
      await keep(options);
    },
  };
}

/** What an ended process left behind. */
function clearAway(state: State): void {
  killBrowser(state);
  state.child = undefined;
  for (const { reject } of state.waiting.values()) reject({ kind: "broken", detail: "the browser's process ended" });
}

/** The same code runs from source under tsx or vitest and compiled under plain Node. */
function startProcess(): ChildProcess {
  const fromSource = import.meta.url.endsWith(".ts");
  const file = new URL(`./process/browser-process.${fromSource ? "ts" : "js"}`, import.meta.url);
  return fork(fileURLToPath(file), {
    cwd: packageDirectory(),
    execArgv: fromSource ? ["--import", "tsx"] : [],
    env: environmentForBrowser(),
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    serialization: "advanced",
  });
}

/** What a browser needs to run, and none of the bot's secrets. */
function environmentForBrowser(): NodeJS.ProcessEnv {
  const names = [
    "PATH",
    "HOME",
    "TMPDIR",
    "LANG",
    "LC_ALL",
    "TZ",
    "XDG_RUNTIME_DIR",
    "XDG_CONFIG_HOME",
    "XDG_CACHE_HOME",
  ];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

function receive(options: BrowserOptions, state: State, apply: (event: StatusEvent) => void, message: unknown): void {
  const parsed = FromBrowser.safeParse(message);
  if (!parsed.success) return options.log.warn({}, "the browser's process said something unknown");
  const { data } = parsed;
  if (data.type === "raw") return options.onRaw(data.raw, data.heard);
  if (data.type === "answer") return state.waiting.get(data.id)?.resolve(data.value);
  if (data.type === "failure") return state.waiting.get(data.id)?.reject(data.failure);
  const { fact } = data;
  if (fact.name === "started") state.browserPid = fact.browserPid;
  if (fact.name === "sealed") void keep(options);
  if (fact.name === "logged-out") void forget(options);
  if (fact.name === "problem") options.log.warn({ detail: fact.detail }, "WhatsApp Web has a problem");
  apply(fact);
  options.onFact(fact);
}

async function keep({ session, log }: BrowserOptions): Promise<void> {
  try {
    if (!(await session.keep()))
      log.warn({}, "WhatsApp's session was not stored: the account has run on another machine since");
  } catch (thrown) {
    log.warn(
      { error: describeError(thrown) },
      "WhatsApp's session was not stored; this machine has it until the next time",
    );
  }
}

async function forget({ session, log }: BrowserOptions): Promise<void> {
  try {
    await session.forget();
  } catch (thrown) {
    log.warn({ error: describeError(thrown) }, "the session of the unlinked device was not removed");
  }
}

async function ask<Answer>(state: State, call: Call, answer: z.ZodType<Answer>, ms: number): Promise<Answer> {
  const { child } = state;
  if (child === undefined || !child.connected)
    throw new BrowserCallError({ kind: "not-ready", detail: "the browser is not running" });
  const id = (state.calls += 1);
  const value = await new Promise<unknown>((resolve, reject) => {
    const fail = (failure: CallFailure): void => {
      finish();
      reject(new BrowserCallError(failure));
    };
    const timer = setTimeout(() => fail({ kind: "broken", detail: `no answer within ${ms} ms` }), ms);
    const finish = (): void => {
      clearTimeout(timer);
      state.waiting.delete(id);
    };
    state.waiting.set(id, {
      resolve: (result) => {
        finish();
        resolve(result);
      },
      reject: fail,
    });
    post(child, { type: "call", id, call });
  });
  return answer.parse(value);
}

function post(child: ChildProcess, message: ToBrowser): void {
  // A process that is gone tells so by its exit.
  if (child.connected) child.send(message, () => undefined);
}

async function stopProcess(state: State): Promise<void> {
  const { child } = state;
  if (child === undefined) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  post(child, { type: "stop" });
  const timer = setTimeout(() => child.kill("SIGKILL"), CLOSE_MS);
  await ended;
  clearTimeout(timer);
}

/** It ends with its process; should it hang, it is ended by force, with all its processes. */
function killBrowser(state: State): void {
  const { browserPid } = state;
  state.browserPid = undefined;
  if (browserPid === undefined) return;
  try {
    process.kill(-browserPid, "SIGKILL");
  } catch {
    // It is gone already.
  }
}
