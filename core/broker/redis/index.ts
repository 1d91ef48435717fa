/** The broker on Redis: for every deployment with more than one process. */
import type { Broker, Running } from "../broker.ts";
import { startCourier } from "../courier.ts";
import { startHold } from "../hold.ts";
import { startWorker } from "../worker.ts";
import { checkRedis } from "./checks.ts";
import { answered } from "./connection.ts";
import { createDeadLetters } from "./dead-letters.ts";
import type { RedisBrokerOptions } from "./options.ts";
import { createRedisPrimitives } from "./primitives.ts";

export type { RedisBrokerOptions } from "./options.ts";

/**
 * Connects to Redis and makes a broker on it. Throws `BrokerUnavailableError` when the server does not answer and
 * `UnsafeRedisError` when it may evict or is older than 6.2; warns when it does not persist.
 */
export async function createRedisBroker(options: RedisBrokerOptions): Promise<Broker> {
  const primitives = await createRedisPrimitives(options);
  const { mailboxes, wakes, signals, outboxes, intake, overview, lifecycle, context } = primitives;
  const { redis, keys, settings } = context;
  const { environment, telemetry } = settings;
  const running = new Set<Running>();
  const track = (started: Running): Running => {
    running.add(started);
    return started;
  };
  const close = async (): Promise<void> => {
    await Promise.all([...running].map((each) => each.close()));
    await primitives.close();
  };
  let closed: Promise<void> | undefined;
  return {
    kind: "redis",
    accept: intake.accept,
    schedule: intake.schedule,
    unschedule: intake.unschedule,
    work: (handler, workOptions = {}) =>
      track(
        startWorker(
          {
            mailboxes,
            wakes: { start: wakes.start, onArrival: signals.onArrival },
            environment,
            telemetry,
          },
          handler,
          workOptions,
        ),
      ),
    hold: (account, work) => track(startHold({ outboxes, environment, telemetry }, account, work)),
    deliver: (account, handler, deliverOptions = {}) =>
      track(startCourier({ outboxes, environment, telemetry }, { ...deliverOptions, account, handler })),
    send: outboxes.send,
    deadLetters: createDeadLetters(context),
    ...overview,
    publish: signals.publish,
    subscribe: signals.subscribe,
    emit: lifecycle.emit,
    follow: lifecycle.follow,
    remember: async (key, value, ttlMs) => {
      await answered("remember", () => redis.set(keys.memory(key), value, "PX", Math.max(1, Math.ceil(ttlMs))));
    },
    recall: async (key) => (await answered("recall", () => redis.get(keys.memory(key)))) ?? undefined,
    check: () => checkRedis(redis, keys, environment.newId()),
    close: async () => {
      closed ??= close();
      await closed;
    },
  };
}
