/** Idempotency keys: a call is done once under its key, and its answer is given again, by whichever process is asked. */
import type { Clock } from "../../core/environment.ts";
import { ParleyError } from "../../core/errors.ts";
import type { Database } from "../../core/store/sql/database.ts";
import { first, run } from "../../core/store/sql/work.ts";
import type { Sealing } from "../../core/privacy/sealing/index.ts";
import {
  ANSWER,
  answerCall,
  findCall,
  forgetCalls,
  holdCall,
  releaseCall,
  type StoredCall,
  takeCall,
} from "./tables.ts";

const DAY_MS = 86_400_000;
/** A process that says nothing for so long is dead, and its call may be made again. */
const HOLD_MS = 60_000;
const RENEW_MS = 20_000;

/** A call under a key. */
export interface KeyedCall {
  /** A hash of caller, call and key. */
  readonly id: string;
  readonly caller: string;
  /** A hash of everything that was sent. */
  readonly fingerprint: string;
}

/** An answer as it is kept. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: string;
  /** Null where it was too large to keep. */
  readonly body: string | null;
}

/** What comes of running a call: its answer is kept, or the call may be made again. */
export type Kept<Result> = { readonly result: Result; readonly answer: KeptAnswer | undefined };

export interface Calls {
  /**
   * Runs a call, or gives the answer that it had. Throws `gateway/idempotency-conflict` where something else was sent under
   * the key, and `gateway/idempotency-running` while the first attempt is under way.
   */
  readonly once: <Result>(call: KeyedCall, work: () => Promise<Kept<Result>>) => Promise<Result | KeptAnswer>;
  /** Deletes what is kept for a caller, as `KeyedCall.caller` names it. */
  readonly forget: (caller: string) => Promise<number>;
}

export interface CallParts {
  readonly clock: Clock;
  readonly newId: () => string;
  /** Answers are sealed, bound to their row. */
  readonly sealing: Sealing;
}

export function createCalls(database: Database, { clock, newId, sealing }: CallParts): Calls {
  const begin = async (call: KeyedCall, holder: string): Promise<StoredCall | undefined> => {
    const { id, caller, fingerprint } = call;
    const now = clock();
    const work = function* () {
      const found = yield* first(findCall, { id, now });
      const isFree = found === undefined || (found.status === undefined && found.held_until <= now);
      if (!isFree || (found !== undefined && found.fingerprint !== fingerprint)) return found;
      yield* run(takeCall, { id, caller, fingerprint, holder, heldUntil: now + HOLD_MS, expiresAt: now + DAY_MS });
      return undefined;
    };
    return await database.write(work, { lock: `gateway:call:${id}` });
  };
  return {
    once: async (call, work) => {
      const holder = newId();
      const found = await begin(call, holder);
      if (found !== undefined) return await answerOf(call, found, { clock, sealing });
      return await holding(call, { database, clock, sealing, holder }, work);
    },
    forget: async (caller) => await database.change(forgetCalls, { caller }, { lock: [] }),
  };
}

async function answerOf(
  { id, fingerprint }: KeyedCall,
  found: StoredCall,
  { clock, sealing }: Pick<CallParts, "clock" | "sealing">,
): Promise<KeptAnswer> {
  const { status, headers = "{}", body, held_until } = found;
  if (found.fingerprint !== fingerprint)
    throw new ParleyError(
      "gateway/idempotency-conflict",
      "Something else was sent under this Idempotency-Key before. Nothing was done; use a new key for a new call.",
      { status: 409 },
    );
  if (status === undefined)
    throw new ParleyError(
      "gateway/idempotency-running",
      "The call under this Idempotency-Key is still under way. Send it again in a moment, to be given its answer.",
      { status: 409, retryable: true, retryAfterMs: Math.min(2_000, Math.max(0, held_until - clock())) },
    );
  if (body === undefined) return { status, headers, body: null };
  return { status, headers, body: await sealing.reading(async () => sealing.open(ANSWER, { id }, body)) };
}

interface Holding extends Pick<CallParts, "clock" | "sealing"> {
  readonly database: Database;
  readonly holder: string;
}

async function holding<Result>(
  { id }: KeyedCall,
  { database, clock, sealing, holder }: Holding,
  work: () => Promise<Kept<Result>>,
): Promise<Result> {
  const renew = (): void => {
    // When it fails the next one may not; when all fail, the call may be made again under the same id.
    database.change(holdCall, { id, holder, heldUntil: clock() + HOLD_MS }, { lock: [] }).catch(() => undefined);
  };
  const timer = setInterval(renew, RENEW_MS);
  timer.unref();
  const release = async (): Promise<void> => void (await database.change(releaseCall, { id, holder }, { lock: [] }));
  try {
    const { result, answer } = await work();
    if (answer === undefined) await release();
    else {
      const { body } = answer;
      const kept = body === null ? null : sealing.seal(ANSWER, { id }, body);
      const values = { ...answer, body: kept, id, holder, expiresAt: clock() + DAY_MS };
      await database.change(answerCall, values, { lock: [], isRepeatable: true });
    }
    return result;
  } catch (thrown) {
    await release();
    throw thrown;
  } finally {
    clearInterval(timer);
  }
}
