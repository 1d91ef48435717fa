/** The loop of one consumer: take what is due, handle it, acknowledge or try again. */
import type { EventEmitter } from "node:events";
import type { Running } from "../../broker/broker.ts";
import type { Environment } from "../../environment.ts";
import { describeError } from "../../errors.ts";
import type { Connection } from "../../store/sqlite/connection.ts";
import type { Telemetry } from "../../telemetry.ts";
import { backOffMs } from "../../timing/back-off.ts";
import { within } from "../../timing/deadline.ts";
import { pauseFor } from "../../timing/sleep.ts";
import { askedPauseMs, type ConsumeOptions, isHopeless, MAX_CRASHES, type TopicHandler } from "../topics.ts";
import type { ClaimedMessage, MessageTable } from "./message-table.ts";

export interface ConsumerParts {
  readonly topic: string;
  readonly handler: TopicHandler;
  readonly settings: Required<ConsumeOptions>;
  readonly table: MessageTable;
  readonly connection: Connection;
  readonly environment: Environment;
  readonly telemetry: Telemetry;
  readonly pollMs: number;
  /** Tells the topics on which this process published something. */
  readonly published: EventEmitter;
}

const LONGEST_PAUSE_MS = 5 * 60_000;
const DEFAULT_GRACE_MS = 10_000;

/** Runs until it is closed; what is in hand then is finished within the grace, or handled again after its lease. */
export function startConsumer(parts: ConsumerParts): Running {
  const closing = new AbortController();
  const inHand = new Set<Promise<void>>();
  const bell = createBell(parts);
  const loop = run(parts, bell, inHand, closing.signal);
  return {
    close: async (graceMs = DEFAULT_GRACE_MS) => {
      closing.abort();
      bell.ring();
      await loop;
      await within(async () => await Promise.all(inHand), { ms: graceMs });
      bell.remove();
    },
  };
}

async function run(parts: ConsumerParts, bell: Bell, inHand: Set<Promise<void>>, closing: AbortSignal): Promise<void> {
  const { settings, telemetry, topic } = parts;
  while (!closing.aborted) {
    const free = settings.concurrency - inHand.size;
    let taken = 0;
    try {
      const messages = free > 0 ? await take(parts, free) : [];
      taken = messages.length;
      for (const message of messages) {
        const handled = handle(parts, message).finally(() => {
          inHand.delete(handled);
          bell.ring();
        });
        inHand.add(handled);
      }
    } catch (thrown) {
      telemetry.log.warn({ topic, error: describeError(thrown) }, "a topic could not be read and is tried again");
    }
    if (taken === 0 || inHand.size >= settings.concurrency) await bell.wait(closing);
  }
}

async function take({ topic, settings, table, connection, environment }: ConsumerParts, limit: number) {
  return await connection.write(() =>
    table.claim(topic, limit, { now: environment.clock(), leaseMs: settings.leaseMs }),
  );
}

/** Never rejects: trouble with the file leaves the message to its lease. */
async function handle(parts: ConsumerParts, message: ClaimedMessage): Promise<void> {
  const { topic, table, connection, environment, telemetry, settings, handler } = parts;
  const { clock, random } = environment;
  const settle = async (change: () => void): Promise<void> => {
    try {
      await connection.write(change);
    } catch (thrown) {
      telemetry.log.warn({ topic, error: describeError(thrown) }, "a topic message was handled and will come again");
    }
  };
  const dead = deadBefore(message, clock());
  if (dead !== undefined) return await settle(() => table.bury(message.id, dead, clock()));
  const { id, key, body, attempts, failures, publishedAt } = message;
  try {
    await handler({ topic, key, body, attempt: attempts, publishedAt: new Date(publishedAt).toISOString() });
    await settle(() => table.acknowledge(id, clock()));
  } catch (thrown) {
    const reason = describeError(thrown);
    if (isHopeless(thrown) || failures + 1 >= settings.maxAttempts) {
      telemetry.log.warn({ topic, error: reason }, "a topic message went to the dead letters");
      return await settle(() => table.bury(id, reason, clock()));
    }
    const backOff = { baseDelayMs: settings.baseDelayMs, maxDelayMs: LONGEST_PAUSE_MS };
    const pauseMs = Math.max(askedPauseMs(thrown), backOffMs(failures + 1, backOff, random()));
    await settle(() => table.retry(id, clock() + pauseMs));
  }
}

function deadBefore({ expiresAt, attempts, failures }: ClaimedMessage, now: number): string | undefined {
  if (expiresAt < now) return `expired at ${new Date(expiresAt).toISOString()}`;
  return attempts - 1 - failures >= MAX_CRASHES ? "its process died with it too often" : undefined;
}

type Bell = ReturnType<typeof createBell>;

/** Rings when there may be something to do: consumers of this process need not wait for their next look. */
function createBell({ topic, pollMs, published }: ConsumerParts) {
  let rung = new AbortController();
  const ring = (): void => rung.abort();
  published.on(topic, ring);
  return {
    ring,
    /** Until it rings, or until it is time to look. */
    wait: async (closing: AbortSignal): Promise<void> => {
      if (!closing.aborted) await pauseFor(pollMs, rung.signal);
      rung = new AbortController();
    },
    remove: (): void => void published.off(topic, ring),
  };
}
