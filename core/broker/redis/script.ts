/** Lua scripts as typed functions, gathered into one call where many are asked for at once, and their answers. */
import { createHash } from "node:crypto";
import type { Redis } from "ioredis";

export type ScriptArgument = string | number;

export interface ScriptCall {
  readonly keys: readonly string[];
  readonly values: readonly ScriptArgument[];
}

/** Runs a script on one connection. */
export interface Script {
  (redis: Redis, keys: readonly string[], values: readonly ScriptArgument[]): Promise<unknown>;
  /** Several calls in one round trip, each a step of its own. Throws when one of them fails. */
  readonly inOneTrip: (redis: Redis, calls: readonly ScriptCall[]) => Promise<readonly unknown[]>;
}

/** Turns Lua into a function. */
export function defineScript(lua: string): Script {
  const sha = createHash("sha1").update(lua).digest("hex");
  const run = async (redis: Redis, keys: readonly string[], values: readonly ScriptArgument[]): Promise<unknown> => {
    try {
      return await redis.evalsha(sha, keys.length, ...keys, ...values);
    } catch (thrown) {
      if (!isUnknownScript(thrown)) throw thrown;
      return await redis.eval(lua, keys.length, ...keys, ...values);
    }
  };
  return Object.assign(run, {
    inOneTrip: async (redis: Redis, calls: readonly ScriptCall[]): Promise<readonly unknown[]> => {
      const pipeline = redis.pipeline();
      for (const { keys, values } of calls) pipeline.evalsha(sha, keys.length, ...keys, ...values);
      const answers = (await pipeline.exec()) ?? [];
      return await Promise.all(
        calls.map(async ({ keys, values }, index) => {
          const [failure, answer] = answers[index] ?? [];
          if (isUnknownScript(failure)) return await run(redis, keys, values);
          if (failure) throw failure;
          return answer;
        }),
      );
    },
  });
}

function isUnknownScript(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.message.startsWith("NOSCRIPT");
}

/** Bounds how long one script keeps the server from others. */
const LARGEST = 64;

/** Gathers calls by group; calls of one group are executed in the order in which they were made. */
export interface Batch<Call> {
  /** Resolves with the answer to this call; rejects when its batch could not be executed. */
  readonly run: (group: string, call: Call) => Promise<unknown>;
}

interface Waiting<Call> {
  readonly call: Call;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (thrown: unknown) => void;
}

/** Of this connection: only how it holds writes back is used. */
type Held = Pick<Redis, "stream">;

/** What the batches of one connection have gathered by the end of this moment. */
const moments = new WeakMap<Held, (() => void)[]>();

/** Calls `flush` at the end of this moment, together with others: what they send is written to the socket at once. */
function atEndOfMoment(connection: Held, flush: () => void): void {
  const waiting = moments.get(connection);
  if (waiting !== undefined) {
    waiting.push(flush);
    return;
  }
  const flushes = [flush];
  moments.set(connection, flushes);
  setImmediate(() => {
    moments.delete(connection);
    // Undefined while there is no connection.
    const stream: Held["stream"] | undefined = connection.stream;
    stream?.cork();
    try {
      for (const each of flushes) each();
    } finally {
      stream?.uncork();
    }
  });
}

/**
 * Makes a batch of calls over a connection. `execute` gets at most 64 calls of one group and answers each, in their order.
 */
export function createBatch<Call>(
  connection: Held,
  execute: (calls: readonly Call[]) => Promise<readonly unknown[]>,
): Batch<Call> {
  let groups = new Map<string, Waiting<Call>[]>();

  async function executeAll(waiting: readonly Waiting<Call>[]): Promise<void> {
    try {
      const answers = await execute(waiting.map(({ call }) => call));
      for (const [index, { resolve, reject }] of waiting.entries()) {
        const answer = answers[index];
        if (answer instanceof Error) reject(answer);
        else resolve(answer);
      }
    } catch (thrown) {
      for (const { reject } of waiting) reject(thrown);
    }
  }

  function flush(): void {
    const gathered = groups;
    groups = new Map();
    for (const waiting of gathered.values()) {
      for (let start = 0; start < waiting.length; start += LARGEST) {
        void executeAll(waiting.slice(start, start + LARGEST));
      }
    }
  }

  return {
    run: (group, call) =>
      new Promise((resolve, reject) => {
        if (groups.size === 0) atEndOfMoment(connection, flush);
        const waiting = groups.get(group);
        if (waiting === undefined) groups.set(group, [{ call, resolve, reject }]);
        else waiting.push({ call, resolve, reject });
      }),
  };
}

export function asNumber(reply: unknown): number {
  const value = Number(reply);
  if (reply === null || !Number.isFinite(value)) throw unexpected("a number", reply);
  return value;
}

export function asText(reply: unknown): string {
  if (typeof reply !== "string") throw unexpected("a text", reply);
  return reply;
}

export function asList(reply: unknown): readonly unknown[] {
  if (!Array.isArray(reply)) throw unexpected("a list", reply);
  return reply;
}

export function asTexts(reply: unknown): readonly string[] {
  return asList(reply).map(asText);
}

export function asNumbers(reply: unknown): readonly number[] {
  return asList(reply).map(asNumber);
}

/** One stream entry: its id and its fields. */
export interface StreamEntry {
  readonly id: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** What XRANGE answers. */
export function asEntries(reply: unknown): readonly StreamEntry[] {
  return asList(reply).map((entry) => {
    const [id, flat] = asList(entry);
    const texts = asTexts(flat);
    const fields = new Map<string, string>();
    for (let index = 0; index + 1 < texts.length; index += 2) fields.set(texts[index] ?? "", texts[index + 1] ?? "");
    return { id: asText(id), fields };
  });
}

/** What XREAD answers: entries by key. */
export function asStreams(reply: unknown): ReadonlyMap<string, readonly StreamEntry[]> {
  if (reply === null || reply === undefined) return new Map();
  return new Map(
    asList(reply).map((stream) => {
      const [key, entries] = asList(stream);
      return [asText(key), asEntries(entries)] as const;
    }),
  );
}

function unexpected(wanted: string, reply: unknown): TypeError {
  return new TypeError(`Redis answered ${reply === null ? "nil" : typeof reply} where ${wanted} was expected.`);
}
