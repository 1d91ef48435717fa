/** Attempts at secrets that people can guess, counted before each is checked, so that many at once gain nothing. */
import { z } from "zod";
import type { Database, Work } from "../../../core/store/sql/database.ts";
import { first, run } from "../../../core/store/sql/work.ts";
import { type AttemptRule, type AttemptState, countAttempt, refundAttempt } from "../attempt-rule.ts";
import { query } from "./schema.ts";

/** What is counted, by which rule. */
export interface Counted {
  /** A hash. */
  readonly key: string;
  readonly rule: AttemptRule;
}

export type Taken =
  | { readonly isAllowed: true; /** The keys that this attempt locked. */ readonly locked: readonly string[] }
  | { readonly isAllowed: false; readonly retryAt: number };

export interface Attempts {
  /** Counts one attempt on every key, or on none where one of them is locked. */
  readonly take: (counted: readonly Counted[], now: number) => Promise<Taken>;
  /** The attempt was rightful: it counts no more, and opens the keys again that it locked. */
  readonly refund: (counted: readonly Counted[], locked: readonly string[]) => Promise<void>;
  /** Begins anew. */
  readonly clear: (key: string) => Promise<void>;
}

const State = z.object({ failures: z.number(), since: z.number(), locks: z.number(), lockedUntil: z.number() });

const find = query<{ key: string }>()("identity_attempts", State, ({ db, value }) =>
  db
    .selectFrom("identity_attempts")
    .select(["failures", "since", "locks", "lockedUntil"])
    .where("key", "=", value("key")),
);
const save = query<{ key: string; failures: number; since: number; locks: number; lockedUntil: number }>()(
  "identity_attempts",
  z.unknown(),
  ({ db, value }) =>
    db
      .insertInto("identity_attempts")
      .values({
        key: value("key"),
        failures: value("failures"),
        since: value("since"),
        locks: value("locks"),
        lockedUntil: value("lockedUntil"),
      })
      .onConflict((conflict) =>
        conflict.column("key").doUpdateSet((row) => ({
          failures: row.ref("excluded.failures"),
          since: row.ref("excluded.since"),
          locks: row.ref("excluded.locks"),
          lockedUntil: row.ref("excluded.lockedUntil"),
        })),
      ),
);
const remove = query<{ key: string }>()("identity_attempts", z.unknown(), ({ db, value }) =>
  db.deleteFrom("identity_attempts").where("key", "=", value("key")),
);

/** The counters of an installation. */
export function createAttempts(database: Database): Attempts {
  return {
    take: async (counted, now) => await database.write(() => take(counted, now), locksOf(counted)),
    refund: async (counted, locked) =>
      await database.write(function* () {
        for (const { key, rule } of counted) {
          const state = yield* first(find, { key });
          if (state !== undefined) yield* run(save, { key, ...refundAttempt(state, rule, locked.includes(key)) });
        }
      }, locksOf(counted)),
    clear: async (key) => void (await database.change(remove, { key })),
  };
}

function* take(counted: readonly Counted[], now: number): Work<Taken> {
  const next: (AttemptState & { readonly key: string })[] = [];
  const locked: string[] = [];
  for (const { key, rule } of counted) {
    const { retryAt, state, isLocking } = countAttempt(yield* first(find, { key }), now, rule);
    if (retryAt !== undefined) return { isAllowed: false, retryAt };
    next.push({ key, ...state });
    if (isLocking) locked.push(key);
  }
  for (const state of next) yield* run(save, { ...state });
  return { isAllowed: true, locked };
}

function locksOf(counted: readonly Counted[]) {
  return { lock: counted.map(({ key }) => `identity:attempts:${key}`) };
}
