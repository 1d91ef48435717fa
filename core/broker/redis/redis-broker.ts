/** The broker on Redis: for every deployment with more than one process. */
import type { Broker, Running } from "../broker.ts";
import { startDeliveries } from "../delivery-loop.ts";
import { startHold } from "../lease.ts";
import { createPresence, type Presence } from "../presence.ts";
import { startWorker } from "../worker.ts";
import { createAccept } from "./accept.ts";
import { checkRedis, refuseUnsafe } from "./checks.ts";
import { callRedis, connect, type Context } from "./connection.ts";
import { createRegister, startSweeper } from "./housekeeping.ts";
import { createKeys } from "./layout.ts";
import { createMailboxes } from "./mailboxes.ts";
import { type RedisBrokerOptions, settingsOf } from "./options.ts";
import { createOutboxes } from "./outboxes.ts";
import { createDeadLetters, createOverview } from "./overview.ts";
import { createLifecycle, createSignals } from "./signals.ts";
import { createWakes, type Wakes } from "./wake.ts";

export type { RedisBrokerOptions } from "./options.ts";

/**
 * Connects to Redis and makes a broker on it. Throws `BrokerUnavailableError` when the server does not answer and
 * `broker/unsafe-redis` when it may evict or is older than 6.2; warns when it does not persist.
 */
export async function createRedisBroker(options: RedisBrokerOptions): Promise<Broker> {
  const primitives = await createRedisPrimitives(options);
  const { mailboxes, wakes, signals, outboxes, intake, overview, lifecycle, context, presence } = primitives;
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
    schedule: async (event, at) => {
      await intake.schedule(event, at);
      primitives.expect();
    },
    unschedule: intake.unschedule,
    work: (handler, workOptions = {}) =>
      track(
        startWorker(
          {
            mailboxes,
            wakes: { start: wakes.start, onArrival: signals.onArrival },
            presence,
            environment,
            telemetry,
          },
          handler,
          workOptions,
        ),
      ),
    hold: (account, work) => track(startHold({ outboxes, presence, environment, telemetry }, account, work)),
    deliver: (account, handler, deliverOptions = {}) =>
      track(startDeliveries({ outboxes, presence, environment, telemetry }, { ...deliverOptions, account, handler })),
    send: outboxes.send,
    deadLetters: createDeadLetters(context),
    ...overview,
    publish: signals.publish,
    subscribe: signals.subscribe,
    emit: lifecycle.emit,
    follow: lifecycle.follow,
    remember: async (key, value, ttlMs) => {
      await callRedis("remember", () => redis.set(keys.memory(key), value, "PX", Math.max(1, Math.ceil(ttlMs))));
    },
    recall: async (key) => (await callRedis("recall", () => redis.get(keys.memory(key)))) ?? undefined,
    others: presence.others,
    check: () => checkRedis(redis, keys, environment.newId()),
    close: async () => {
      closed ??= close();
      await closed;
    },
  };
}

/** What the broker is assembled from; tests and benches measure the parts by themselves. */
export async function createRedisPrimitives(options: RedisBrokerOptions) {
  const settings = settingsOf(options);
  const keys = createKeys(settings.prefix);
  const connections = await connect(settings);
  let wakes: Wakes;
  let presence: Presence | undefined;
  try {
    const findings = await refuseUnsafe(connections.main);
    for (const { detail, remedy } of findings.filter(({ status }) => status === "warning")) {
      settings.telemetry.log.warn({ detail, remedy }, "This Redis does not keep messages over a restart");
    }
    wakes = await createWakes({ settings, keys, connections, isAlone: () => presence?.isAlone() === true });
  } catch (thrown) {
    await connections.close();
    throw thrown;
  }
  const context: Context = { settings, keys, connections, redis: connections.main, wake: wakes.wake };
  const process = settings.environment.newId();
  const signals = createSignals({ settings, keys, connections, instance: process });
  const register = createRegister(context);
  presence = createPresence({ id: process, register, telemetry: settings.telemetry });
  const outboxes = createOutboxes(context);
  const mailboxes = createMailboxes({
    ...context,
    process,
    arrivalName: signals.arrivalName,
    rememberAccount: outboxes.rememberAccount,
  });
  const intake = createAccept(context);
  const lifecycle = createLifecycle(context);
  const sweeper = startSweeper({ ...context, intake, wakeAgain: wakes.wakeAgain });
  return {
    context,
    process,
    register,
    presence,
    mailboxes,
    wakes,
    signals,
    outboxes,
    intake,
    lifecycle,
    overview: createOverview(context, sweeper.sweep),
    sweep: sweeper.sweep,
    expect: sweeper.expect,
    close: async () => {
      await presence.close();
      await sweeper.close();
      await lifecycle.close();
      await wakes.close();
      await connections.close();
    },
  };
}
