/** Messages and replies, from the stream of lifecycle events. One process at a time follows it, from where the last one stopped. */
import type { Broker, Running } from "../../core/broker/broker.ts";
import { accountId } from "../../core/conversation-id.ts";
import type { Environment } from "../../core/environment.ts";
import { describeError } from "../../core/errors.ts";
import type { LifecycleEvent } from "../../core/lifecycle.ts";
import type { Values } from "../../core/store/store.ts";
import type { Telemetry } from "../../core/telemetry.ts";
import { backOffMs } from "../../core/timing/back-off.ts";
import { whenAborted } from "../../core/timing/signals.ts";
import { pauseFor } from "../../core/timing/sleep.ts";
import type { WebhookEvent } from "./event.ts";

export interface FollowParts {
  readonly broker: Pick<Broker, "hold" | "follow">;
  readonly values: Pick<Values, "get" | "set">;
  readonly environment: Pick<Environment, "random">;
  readonly telemetry: Telemetry;
  readonly tell: (event: WebhookEvent) => Promise<void>;
}

/** Nobody's account: the name under which one process is chosen. */
const FOLLOWER = accountId("webhooks", "lifecycle");
const OWNER = "webhooks";
const CURSOR = "lifecycle";
const RETRY = { baseDelayMs: 500, maxDelayMs: 30_000 };

/** Tells of every message and reply, at least once, until it is closed. What is told twice counts once. */
export function followLifecycle(parts: FollowParts): Running {
  const { broker, values } = parts;
  return broker.hold(FOLLOWER, async ({ closing }) => {
    const known = await values.get(OWNER, CURSOR);
    let told: Promise<void> = Promise.resolve();
    const stop = await broker.follow(
      (event, cursor) => {
        told = told.then(async () => await tellOf(parts, { event, cursor, closing }));
      },
      typeof known === "string" ? known : undefined,
    );
    await whenAborted(closing);
    await stop();
    await told;
  });
}

/** Tried until it is told: one that was left out would never come again. What a closing process leaves, the next one tells. */
async function tellOf(
  { values, tell, environment, telemetry }: FollowParts,
  {
    event,
    cursor,
    closing,
  }: { readonly event: LifecycleEvent; readonly cursor: string; readonly closing: AbortSignal },
): Promise<void> {
  const wanted = webhookEventOf(event);
  if (wanted === undefined) return;
  for (let failures = 1; !closing.aborted; failures += 1) {
    try {
      await tell(wanted);
      await values.set(OWNER, CURSOR, cursor);
      return;
    } catch (thrown) {
      telemetry.log.warn(
        { error: describeError(thrown) },
        "an event for webhooks could not be noted and is tried again",
      );
      await pauseFor(backOffMs(failures, RETRY, environment.random()), closing);
    }
  }
}

/** Undefined for what webhooks do not tell. */
export function webhookEventOf(event: LifecycleEvent): WebhookEvent | undefined {
  const { id, bot, at, type } = event;
  const base = { source: id, bot, at };
  if (type === "message-received") {
    const { conversation, account, eventId, kind } = event;
    return { ...base, type: "message.received", data: { conversation, account, eventId, kind } };
  }
  if (type === "reply-sent") {
    const { conversation, account, eventId, outcome, messageIds } = event;
    return { ...base, type: "reply.sent", data: { conversation, account, eventId, outcome, messageIds } };
  }
  return undefined;
}
