/** What runs: events become deliveries, deliveries are called for, and what was lost or not told is looked for. */
import type { Running } from "../../core/broker/broker.ts";
import { describeError } from "../../core/errors.ts";
import { pauseFor } from "../../core/timing/sleep.ts";
import type { TopicHandler, Topics } from "../../core/topics/topics.ts";
import { attempt, type AttemptParts, notYet } from "./attempt.ts";
import { WebhookEvent } from "./event.ts";
import { DELIVERIES_TOPIC, EVENTS_TOPIC, Order, type WebhookQueue } from "./queue.ts";

export interface WorkParts extends AttemptParts {
  readonly topics: Pick<Topics, "consume">;
  readonly queue: Pick<WebhookQueue, "fanOut">;
  readonly sweep: () => Promise<void>;
  readonly tellOfDisabled: () => Promise<void>;
}

const SWEEP_EVERY_MS = 5 * 60_000;
/** Calls at once in this process, and to one endpoint: one that hangs leaves the others their turn. */
const CALLS_AT_ONCE = 50;
const CALLS_OF_AN_ENDPOINT = 10;
/** How long one waits here for its endpoint's turn, how often it looks, and when it comes again after that. */
const PATIENCE_MS = 500;
const LOOK_EVERY_MS = 20;
const BUSY_MS = 2_000;
/** The schedule decides, not the queue. */
const QUEUE_ATTEMPTS = 1_000;

/** Works until it is closed. */
export function startWork(parts: WorkParts): Running {
  const { topics, queue, sweep, telemetry } = parts;
  const quietly = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (thrown) {
      telemetry.log.warn(
        { error: describeError(thrown) },
        "webhooks could not be looked after and are in five minutes",
      );
    }
  };
  const handler = deliveryHandler(parts, async () => await quietly(parts.tellOfDisabled));
  const running = [
    topics.consume(EVENTS_TOPIC, async ({ body }) => await queue.fanOut(WebhookEvent.parse(body)), {
      maxAttempts: QUEUE_ATTEMPTS,
    }),
    topics.consume(DELIVERIES_TOPIC, handler, { concurrency: CALLS_AT_ONCE, maxAttempts: QUEUE_ATTEMPTS }),
  ];
  let sweeping = quietly(sweep);
  const timer = setInterval(() => {
    sweeping = sweeping.then(async () => await quietly(sweep));
  }, SWEEP_EVERY_MS).unref();
  return {
    close: async (graceMs) => {
      clearInterval(timer);
      await Promise.all(running.map(async (one) => await one.close(graceMs)));
      await sweeping;
    },
  };
}

function deliveryHandler(parts: AttemptParts, afterDisabling: () => Promise<void>): TopicHandler {
  const slots = createSlots(CALLS_OF_AN_ENDPOINT);
  return async ({ body }) => {
    const { delivery: id, round } = Order.parse(body);
    const found = await parts.deliveries.find(id);
    // Forgotten, ended, or put into the queue anew: this entry has nothing to do.
    if (found?.status !== "waiting" || found.round !== round) return;
    const { clock, random } = parts.environment;
    if (found.dueAt > clock()) throw notYet("it is not due", found.dueAt - clock());
    if (!(await slots.takeInTime(found.endpoint))) throw notYet("its endpoint is busy", BUSY_MS * (0.5 + random()));
    try {
      const end = await attempt(parts, found);
      if (end?.disabled === true) await afterDisabling();
      if (end?.consequence.kind === "again") throw notYet(end.answer.error ?? "", end.consequence.dueAt - clock());
    } finally {
      slots.giveBack(found.endpoint);
    }
  };
}

function createSlots(each: number) {
  const taken = new Map<string, number>();
  const take = (name: string): boolean => {
    const count = taken.get(name) ?? 0;
    if (count < each) taken.set(name, count + 1);
    return count < each;
  };
  return {
    takeInTime: async (name: string): Promise<boolean> => {
      for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_EVERY_MS) {
        if (take(name)) return true;
        await pauseFor(LOOK_EVERY_MS);
      }
      return false;
    },
    giveBack: (name: string): void => {
      const count = (taken.get(name) ?? 1) - 1;
      if (count > 0) taken.set(name, count);
      else taken.delete(name);
    },
  };
}
