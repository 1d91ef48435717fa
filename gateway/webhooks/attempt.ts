/** One attempt at a delivery: sign, call, and say what follows. */
import type { Environment } from "../../core/environment.ts";
import { ParleyError } from "../../core/errors.ts";
import type { Telemetry } from "../../core/telemetry.ts";
import type { Deliveries } from "./deliveries.ts";
import type { Answer, Post } from "./post.ts";
import type { Secrets } from "./secrets.ts";
import { backOffFor, MOST_ATTEMPTS } from "./schedule.ts";
import type { Consequence, DisablePolicy } from "./settle.ts";
import { signedHeaders } from "./signature.ts";
import type { DeliveryRow } from "./tables.ts";

export interface AttemptParts {
  readonly secrets: Pick<Secrets, "toSign">;
  readonly deliveries: Pick<Deliveries, "find" | "settle" | "cancel">;
  readonly post: Post;
  readonly environment: Pick<Environment, "clock" | "random">;
  readonly telemetry: Telemetry;
  readonly policy: DisablePolicy;
  readonly version: string;
}

/** What came of an attempt; `disabled` where it was the last one that its endpoint could afford. */
export interface AttemptEnd {
  readonly answer: Answer;
  readonly consequence: Consequence;
  readonly disabled: boolean;
}

/**
 * Calls the endpoint once. Undefined where there is nothing to call: the endpoint is gone, or takes nothing any more (a ping
 * is for those as well). What the receiver answered is durable when this resolves; a process that dies before leaves the
 * delivery waiting, and the same message comes again with the same id.
 */
export async function attempt(parts: AttemptParts, delivery: DeliveryRow): Promise<AttemptEnd | undefined> {
  const { deliveries, environment, policy } = parts;
  const isPing = delivery.type === "ping";
  const signing = await parts.secrets.toSign(delivery.endpoint);
  if (signing === undefined || (!signing.endpoint.active && !isPing)) {
    await deliveries.cancel(delivery);
    return undefined;
  }
  const at = environment.clock();
  const answer = await call(parts, delivery, { url: signing.endpoint.url, secrets: signing.secrets, at });
  const now = environment.clock();
  const tookMs = Math.max(0, Math.round(now - at));
  const outcome = answer.error === undefined ? "delivered" : "failed";
  parts.telemetry.metrics.delivery({ platform: "webhook", outcome }, tookMs / 1000);
  const isGone = answer.status === 410;
  const failures = delivery.failures + 1;
  const isFinal = isPing || isGone || failures >= MOST_ATTEMPTS;
  const consequence = consequenceOf(answer, { isFinal, failures, now, chance: environment.random() });
  const attempted = { at, tookMs, status: answer.status, error: answer.error };
  const disabled = await deliveries.settle(delivery, { attempted, consequence, isGone, policy });
  return { answer, consequence, disabled };
}

async function call(
  { post, version }: AttemptParts,
  { message, body }: DeliveryRow,
  { url, secrets, at }: { readonly url: string; readonly secrets: readonly string[]; readonly at: number },
): Promise<Answer> {
  const headers = {
    "content-type": "application/json; charset=utf-8",
    "user-agent": `Parley-Webhooks/${version}`,
    ...signedHeaders({ id: message, timestamp: Math.floor(at / 1000), body }, secrets),
  };
  return await post({ url, headers, body });
}

function consequenceOf(
  { error, retryAfterMs = 0 }: Answer,
  time: { readonly isFinal: boolean; readonly failures: number; readonly now: number; readonly chance: number },
): Consequence {
  if (error === undefined) return { kind: "delivered" };
  if (time.isFinal) return { kind: "failed" };
  return { kind: "again", dueAt: time.now + Math.max(retryAfterMs, backOffFor(time.failures, time.chance)) };
}

/** Gives the delivery back to the queue until it is due. */
export function notYet(why: string, retryAfterMs: number): ParleyError {
  return new ParleyError("webhook/not-delivered", `A webhook was not delivered: ${why}. It is tried again.`, {
    retryable: true,
    retryAfterMs: Math.max(0, retryAfterMs),
  });
}
