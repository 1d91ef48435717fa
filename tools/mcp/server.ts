/** A configured server: its connections, opened when they are needed, and the tools it has now. */
import type { CallToolResult } from "@modelcontextprotocol/client";
import type { Environment } from "../../core/environment.ts";
import { describeError, type ParleyError } from "../../core/errors.ts";
import type { Json } from "../../core/json.ts";
import type { Logger } from "../../core/telemetry.ts";
import { backOffMs } from "../../core/timing/back-off.ts";
import { untilAborted } from "../../core/timing/signals.ts";
import { connect, type Connection, type ConnectOptions } from "./connection.ts";
import { callFailure, tooBusy, unavailable } from "./failure.ts";
import type { ServerTool } from "./pins.ts";

const BACK_OFF = { baseDelayMs: 500, maxDelayMs: 60_000 };
/** More calls at once than any server of one bot gets. */
const MOST_WAITING = 50;

export interface McpServer {
  /** What it offered last; undefined while it was never reached. */
  readonly tools: () => readonly ServerTool[] | undefined;
  readonly failure: () => ParleyError | undefined;
  /** Connects where it is not connected, and reads its tools. Throws `mcp/unavailable` and the errors of a login. */
  readonly look: () => Promise<readonly ServerTool[]>;
  /** Whether a failed connection may be tried again yet. */
  readonly isDue: () => boolean;
  /** Calls one of its tools; `onSent` is called just before anything leaves; what it throws stops that. Throws the errors of `failure.ts`. */
  readonly call: (tool: string, input: Json, call: ServerCall) => Promise<CallToolResult>;
  readonly close: () => Promise<void>;
}

export interface ServerCall {
  readonly key: string;
  readonly signal: AbortSignal;
  readonly onSent: () => void;
}

export interface ServerOptions extends Omit<ConnectOptions, "onChanged" | "onClosed"> {
  readonly environment: Environment;
  readonly log: Logger;
  /** Heard when its tools were read: the first time, and when they are others. */
  readonly onTools: () => Promise<void>;
}

interface Pooled {
  readonly connection: Connection;
  busy: number;
}

interface State {
  pool: Pooled[];
  opening: Promise<Pooled> | undefined;
  tools: readonly ServerTool[] | undefined;
  failures: number;
  failure: ParleyError | undefined;
  nextTryAt: number;
  waiting: number;
  isClosed: boolean;
}

/** Opens nothing yet. */
export function createServer(options: ServerOptions): McpServer {
  const state: State = {
    pool: [],
    opening: undefined,
    tools: undefined,
    failures: 0,
    failure: undefined,
    nextTryAt: 0,
    waiting: 0,
    isClosed: false,
  };
  const { clock } = options.environment;
  return {
    tools: () => state.tools,
    failure: () => state.failure,
    isDue: () => state.pool.length === 0 && clock() >= state.nextTryAt,
    look: async () => {
      const { connection } = state.pool[0] ?? (await open(state, options));
      await readTools(connection, state, options);
      return state.tools ?? [];
    },
    call: async (tool, input, call) => await callTool(state, { tool, input, call }, options),
    close: async () => {
      state.isClosed = true;
      await state.opening?.catch(() => undefined);
      await Promise.allSettled(state.pool.splice(0).map(async ({ connection }) => await connection.close()));
    },
  };
}

/** One connection is opened at a time; whoever needs one meanwhile waits for it. */
async function open(state: State, options: ServerOptions): Promise<Pooled> {
  const { clock } = options.environment;
  if (state.isClosed) throw unavailable(options.name, new Error("closed"));
  // Between two tries nobody waits for a server that is down.
  if (state.failure !== undefined && clock() < state.nextTryAt) throw state.failure;
  state.opening ??= openNow(state, options).finally(() => {
    state.opening = undefined;
  });
  return await state.opening;
}

async function openNow(state: State, options: ServerOptions): Promise<Pooled> {
  const { environment, name } = options;
  let connection: Connection | undefined;
  const leave = (): void => {
    state.pool = state.pool.filter((one) => one.connection !== connection);
  };
  const onChanged = (): void => {
    if (connection !== undefined) void readAgain(connection, state, options);
  };
  try {
    connection = await connect({ ...options, onClosed: leave, onChanged });
    // Before the first call: what is called must be what was approved.
    await readTools(connection, state, options);
  } catch (thrown) {
    await connection?.close().catch(() => undefined);
    state.failures += 1;
    state.failure = unavailable(name, thrown);
    state.nextTryAt = environment.clock() + backOffMs(state.failures, BACK_OFF, environment.random());
    throw state.failure;
  }
  state.failures = 0;
  state.failure = undefined;
  const pooled = { connection, busy: 0 };
  state.pool.push(pooled);
  return pooled;
}

async function readTools(connection: Connection, state: State, { onTools }: ServerOptions): Promise<void> {
  const tools = await connection.listTools();
  state.tools = tools;
  await onTools();
}

async function readAgain(connection: Connection, state: State, options: ServerOptions): Promise<void> {
  try {
    await readTools(connection, state, options);
  } catch (thrown) {
    // What it offers now is not known, so nothing of it is: the next call connects anew.
    options.log.warn({ server: options.name, error: describeError(thrown) }, "an MCP server did not tell its tools");
    state.tools = [];
    await connection.close().catch(() => undefined);
  }
}

async function callTool(state: State, calling: Calling, options: ServerOptions): Promise<CallToolResult> {
  if (state.waiting >= MOST_WAITING) throw tooBusy(options.name);
  const { call } = calling;
  state.waiting += 1;
  try {
    const pooled = await untilAborted(call.signal, async () => await lend(state, options));
    pooled.busy += 1;
    try {
      call.onSent();
      return await sendOn(pooled, calling, { state, options });
    } finally {
      pooled.busy -= 1;
      if (pooled.busy === 0 && !state.pool.includes(pooled)) await pooled.connection.close().catch(() => undefined);
    }
  } finally {
    state.waiting -= 1;
  }
}

interface Calling {
  readonly tool: string;
  readonly input: Json;
  readonly call: ServerCall;
}

async function sendOn(
  pooled: Pooled,
  { tool, input, call: { signal, key } }: Calling,
  { state, options }: { readonly state: State; readonly options: ServerOptions },
): Promise<CallToolResult> {
  const timeoutMs = options.settings.timeoutSeconds * 1_000;
  try {
    return await pooled.connection.call(tool, input, { signal, timeoutMs, key });
  } catch (thrown) {
    const failure = callFailure(options.name, thrown, await import("@modelcontextprotocol/client"));
    // It may hang for good, or be gone: the next call has another one.
    if (failure.retryable || signal.aborted) state.pool = state.pool.filter((one) => one !== pooled);
    signal.throwIfAborted();
    throw failure;
  }
}

/** The connection with the least to do; another one while all are at work and there may be more. */
async function lend(state: State, options: ServerOptions): Promise<Pooled> {
  const free = state.pool.toSorted((one, other) => one.busy - other.busy)[0];
  if (free === undefined) return await open(state, options);
  if (free.busy === 0 || state.pool.length >= options.settings.connections) return free;
  return await open(state, options).catch(() => free);
}
