/** Bodies of transactions on PostgreSQL: steps that nobody waits for travel with the next one, so that round trips are few. */
import type { PoolClient } from "pg";
import type { BoundQuery, Outcome, Step, Work, WriteOptions } from "../sql/database.ts";
import { CommitUnknownError, verdictOn } from "./failures.ts";
import type { Session } from "./session.ts";
import type { Trips } from "./trips.ts";

/** The ways to the server: a connection of one's own, and a seat in the next trip. */
type Road = Session & Trips;

const BEGIN_SERIALIZABLE: BoundQuery = { sql: "BEGIN ISOLATION LEVEL SERIALIZABLE", values: [] };
const BEGIN: BoundQuery = { sql: "BEGIN ISOLATION LEVEL READ COMMITTED", values: [] };
const COMMIT: BoundQuery = { sql: "COMMIT", values: [] };
const ROLLBACK: BoundQuery = { sql: "ROLLBACK", values: [] };
const NOTHING: Outcome = { rows: [], changes: 0 };

/** Whoever writes what the lock names waits here; the next statement sees what was committed meanwhile. */
function locksOf(lock: string | readonly string[]): readonly BoundQuery[] {
  const names = typeof lock === "string" ? [lock] : [...new Set(lock)].toSorted();
  return names.map((name) => ({ sql: "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", values: [name] }));
}

/** One read, in the trip with others. */
export async function runRead({ again, read }: Road, bound: BoundQuery): Promise<Outcome> {
  return await again(async () => await read(bound));
}

/** One statement, atomic by itself; under a lock it is a transaction in one round trip. */
export async function runStatement(road: Road, bound: BoundQuery, options: WriteOptions): Promise<Outcome> {
  return await road.again(async () => await writeAtOnce(road, [bound], options));
}

/** A whole transaction of READ COMMITTED in one trip; gives the outcome of its last query. */
async function writeAtOnce(
  road: Road,
  queries: readonly BoundQuery[],
  { lock = [], isRepeatable = false }: WriteOptions,
): Promise<Outcome> {
  const { write, borrow, send, isReadCommitted } = road;
  const all = [...locksOf(lock), ...queries];
  const commit = async (): Promise<Outcome> => {
    if (isReadCommitted || all.length === 1) return (await write(all)).at(-1) ?? NOTHING;
    // Not with others: a statement that is refused within BEGIN would fail those behind it on the connection.
    return await borrow(async (client) => {
      const sent = [BEGIN, ...all, COMMIT];
      return await rolledBack(road, client, async () => (await send(client, sent)).at(-2) ?? NOTHING);
    });
  };
  return isRepeatable ? await commit() : await committing(commit);
}

/** Several reads, each of what is committed when it comes. */
export async function runReads<T>({ again, read }: Road, work: () => Work<T>): Promise<T> {
  return await again(async () => {
    const execute = async (queries: readonly BoundQuery[]): Promise<Outcome> =>
      (await Promise.all(queries.map(read))).at(-1) ?? NOTHING;
    return await runBody(begin(work()), { execute, finish: execute });
  });
}

/**
 * A transaction. Where it is all known before the first outcome, it is one trip with others. Else BEGIN and the lock travel
 * with its first awaited step, COMMIT with its last step or with the writes that nobody waits for: a body that reads once
 * and then writes takes two round trips.
 */
export async function runTransaction<T>(road: Road, work: () => Work<T>, options: WriteOptions): Promise<T> {
  const { lock, isRepeatable = false } = options;
  return await road.again(async () => {
    const body = begin(work());
    if (lock !== undefined && body.ends) {
      const finish: Execute = async (queries) =>
        queries.length === 0 ? NOTHING : await writeAtOnce(road, queries, options);
      return await runBody(body, { execute: finish, finish });
    }
    return await road.borrow(async (client) => {
      const { send } = road;
      let opening: readonly BoundQuery[] = lock === undefined ? [BEGIN_SERIALIZABLE] : [BEGIN, ...locksOf(lock)];
      const execute = async (queries: readonly BoundQuery[], end: readonly BoundQuery[] = []): Promise<Outcome> => {
        const sent = [...opening, ...queries, ...end];
        opening = [];
        return (await send(client, sent)).at(-1 - end.length) ?? NOTHING;
      };
      const commit: Execute = async (queries) => await execute(queries, [COMMIT]);
      const finish: Execute = async (queries) =>
        isRepeatable ? await commit(queries) : await committing(async () => await commit(queries));
      return await rolledBack(road, client, async () => await runBody(body, { execute, finish }));
    });
  });
}

/** Sends what is to go together; gives the outcome of the last of them. */
type Execute = (queries: readonly BoundQuery[]) => Promise<Outcome>;

/** A body up to the first step that somebody waits for. */
interface Begun<T> {
  readonly work: Work<T>;
  readonly result: IteratorResult<Step, T>;
  /** What it asked for without waiting. */
  readonly deferred: readonly BoundQuery[];
  /** Whether nothing comes after that step. */
  readonly ends: boolean;
}

function begin<T>(work: Work<T>): Begun<T> {
  const deferred: BoundQuery[] = [];
  let result = work.next();
  while (result.done !== true && result.value.awaited === "none") {
    deferred.push(result.value.bind("postgres"));
    result = work.next(NOTHING);
  }
  return { work, result, deferred, ends: result.done === true || result.value.awaited === "last" };
}

/** Runs a body to its end. A step that failed fails the whole, even if the body catches it, as on every engine. */
async function runBody<T>(
  { work, result: begun, deferred: before }: Begun<T>,
  { execute, finish }: { readonly execute: Execute; readonly finish: Execute },
): Promise<T> {
  let failure: { readonly thrown: unknown } | undefined;
  let isFinished = false;
  let deferred = [...before];
  const advance = async ({ bind, awaited }: Step): Promise<IteratorResult<Step, T>> => {
    if (isFinished) throw new TypeError("A transaction's body went on after its last step");
    deferred.push(bind("postgres"));
    if (awaited === "none") return work.next(NOTHING);
    const queries = deferred;
    deferred = [];
    isFinished = awaited === "last";
    let outcome: Outcome;
    try {
      outcome = await (isFinished ? finish : execute)(queries);
    } catch (thrown) {
      failure ??= { thrown };
      return work.throw(thrown);
    }
    return work.next(outcome);
  };
  let result = begun;
  while (result.done !== true) result = await advance(result.value);
  if (failure !== undefined) throw failure.thrown;
  if (!isFinished) await finish(deferred);
  return result.value;
}

/** Whether a commit whose answer was lost stands, nobody knows here: the caller's own retry has to find out. */
async function committing<T>(commit: () => Promise<T>): Promise<T> {
  try {
    return await commit();
  } catch (thrown) {
    throw verdictOn(thrown) === "lost" ? new CommitUnknownError(thrown) : thrown;
  }
}

async function rolledBack<T>({ send }: Session, client: PoolClient, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    // A connection that is lost is closed, which undoes as well.
    if (verdictOn(thrown) !== "lost") await send(client, [ROLLBACK]);
    throw thrown;
  }
}
