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
  readonly environment: Pick<Environment, "clock" | "random">;
  readonly telemetry: Telemetry;
  readonly tell: (event: WebhookEvent) => Promise<void>;
}

/** Nobody's account: the name under which one process is chosen. */
const FOLLOWER = accountId("webhooks", "lifecycle");
const OWNER = "webhooks";
const CURSOR = "lifecycle";
const SAVE_EVERY_MS = 1_000;
const RETRY = { baseDelayMs: 500, maxDelayMs: 30_000 };

/** Tells of every message and reply, at least once, until it is closed. What is told twice counts once. */
export function followLifecycle(parts: FollowParts): Running {
  const { broker, values } = parts;
  return broker.hold(FOLLOWER, async ({ closing }) => {
    const known = await values.get(OWNER, CURSOR);
    const bookmark = createBookmark(parts);
    let told: Promise<void> = Promise.resolve();
    const stop = await broker.follow(
      (event, cursor) => {
        told = told.then(async () => {
          if (await untilTold(parts, event, closing)) await bookmark.move(cursor);
        });
      },
      typeof known === "string" ? known : undefined,
    );
    await whenAborted(closing);
    await stop();
    await told;
    await bookmark.save();
  });
}

/** Tried until it is told: one that was left out would never come again. False where the process closes first: the next one tells it. */
async function untilTold(
  { tell, environment, telemetry }: FollowParts,
  event: LifecycleEvent,
  closing: AbortSignal,
): Promise<boolean> {
  const wanted = webhookEventOf(event);
  for (let failures = 1; !closing.aborted; failures += 1) {
    try {
      if (wanted !== undefined) await tell(wanted);
      return true;
    } catch (thrown) {
      telemetry.log.warn(
        { error: describeError(thrown) },
        "an event for webhooks could not be noted and is tried again",
      );
      await pauseFor(backOffMs(failures, RETRY, environment.random()), closing);
    }
  }
  return false;
}

/** How far was told. Not written for every event: what is told again after a crash counts once. */
function createBookmark({ values, environment, telemetry }: FollowParts) {
  let at: string | undefined;
  let savedAt = Number.NEGATIVE_INFINITY;
  const save = async (): Promise<void> => {
    if (at === undefined) return;
    try {
      await values.set(OWNER, CURSOR, at);
      at = undefined;
    } catch (thrown) {
      telemetry.log.warn(
        { error: describeError(thrown) },
        "how far webhooks told could not be noted; some is told again",
      );
    }
    savedAt = environment.clock();
  };
  return {
    move: async (cursor: string): Promise<void> => {
      at = cursor;
      if (environment.clock() - savedAt >= SAVE_EVERY_MS) await save();
    },
    save,
  };
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
