import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll } from "vitest";
import { brokerModel } from "../../../test/contracts/broker-model.ts";
import { brokerContract, type BrokerContract, type BrokerUnderTest } from "../../../test/contracts/broker.ts";
import { type RedisServer, startRedis } from "../../../test/support/redis-server.ts";
import { silentTelemetry } from "../../silent-telemetry.ts";
import { createRedisBroker, createRedisPrimitives, type RedisBrokerOptions } from "./redis-broker.ts";

let server: RedisServer;

beforeAll(async () => {
  server = await startRedis();
});

afterAll(async () => {
  await server.stop();
});

async function open(options: RedisBrokerOptions): Promise<BrokerUnderTest> {
  const broker = await createRedisBroker(options);
  // The same storage without the loops: what the suite does by hand, no worker of this side takes from it.
  const primitives = await createRedisPrimitives(options);
  const others: BrokerUnderTest[] = [];
  return {
    broker,
    mailboxes: primitives.mailboxes,
    outboxes: primitives.outboxes,
    register: primitives.register,
    process: primitives.process,
    another: async () => {
      const other = await open(options);
      others.push(other);
      return other;
    },
    sweep: primitives.sweep,
    advance: (ms) => sleep(ms),
    close: async () => {
      await Promise.all(others.map((other) => other.close()));
      await broker.close();
      await primitives.close();
    },
  };
}

const redis: BrokerContract = {
  name: "Redis",
  injectedClock: false,
  open: ({ maxWaiting } = {}) =>
    open({
      connection: server.url,
      prefix: `test-${randomUUID().slice(0, 8)}`,
      environment: { clock: Date.now, newId: randomUUID, random: Math.random },
      telemetry: silentTelemetry,
      sweepMs: 100,
      ...(maxWaiting === undefined ? {} : { maxWaiting }),
    }),
};

brokerContract(redis);
brokerModel(redis);
