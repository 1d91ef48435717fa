/** What an attempt leaves behind: its line in the log, the state of its delivery, and what it says about its endpoint. */
import type { Work } from "../../core/store/sql/database.ts";
import { first, run } from "../../core/store/sql/work.ts";
import * as queries from "./delivery-queries.ts";
import * as endpoints from "./endpoint-queries.ts";
import type { DeliveryRow } from "./tables.ts";

/** What one attempt came to. */
export interface Attempted {
  readonly at: number;
  readonly tookMs: number;
  /** Of the answer; undefined where none came. */
  readonly status: number | undefined;
  /** Why it failed; undefined where it arrived. */
  readonly error: string | undefined;
}

/** What follows from an attempt. */
export type Consequence =
  | { readonly kind: "delivered" }
  | { readonly kind: "again"; readonly dueAt: number }
  | { readonly kind: "failed" };

/** When an endpoint that fails is disabled. */
export interface DisablePolicy {
  /** Failing since so long, without one success. */
  readonly afterMs: number;
  /** And at least so often: one failure after a long silence says little. */
  readonly failures: number;
}

export interface Settlement {
  readonly attempted: Attempted;
  readonly consequence: Consequence;
  /** The receiver said that it wants no more (410). */
  readonly isGone: boolean;
  readonly policy: DisablePolicy;
  readonly now: number;
}

/** A transaction's body. Gives whether the endpoint was disabled by it. */
export function* settleAttempt(delivery: DeliveryRow, settlement: Settlement): Work<boolean> {
  const { id, round, attempts, endpoint, type } = delivery;
  const { attempted, consequence, now } = settlement;
  const isDelivered = consequence.kind === "delivered";
  const failed = isDelivered ? 0 : 1;
  const settled = yield* first(queries.settle, { id, round, attempts, failed, ...stateAfter(settlement) });
  // Sent again or called twice meanwhile, or forgotten with its conversation: the other attempt tells.
  if (settled === undefined) return false;
  const { at, tookMs, status = null, error = null } = attempted;
  yield* run(queries.insertAttempt, { delivery: id, attempt: settled.attempts, at, tookMs, status, error });
  // A ping says nothing about its endpoint's past.
  if (type === "ping") return false;
  if (!isDelivered) return yield* noteFailure(endpoint, settlement, now);
  yield* run(endpoints.noteSuccess, { id: endpoint });
  return false;
}

function stateAfter({ consequence, now }: Settlement) {
  if (consequence.kind === "again") return { status: "waiting", dueAt: consequence.dueAt, endedAt: null };
  return { status: consequence.kind, dueAt: now, endedAt: now };
}

function* noteFailure(endpoint: string, { isGone, policy }: Settlement, now: number): Work<boolean> {
  const failing = yield* first(endpoints.noteFailure, { id: endpoint, now });
  if (failing === undefined || !failing.active) return false;
  const { failures, failingSince = now } = failing;
  const isDead = failures >= policy.failures && now - failingSince >= policy.afterMs;
  if (!isGone && !isDead) return false;
  yield* run(endpoints.disable, { id: endpoint, why: isGone ? "gone" : "failing", now });
  return true;
}
