import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { topicsContract } from "../../../test/contracts/topics.ts";
import { startRedis, type RedisServer } from "../../../test/support/redis-server.ts";
import { silentTelemetry } from "../../silent-telemetry.ts";
import { createRedisTopics } from "./topics.ts";

const environment = { clock: Date.now, random: Math.random, newId: randomUUID };
let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(async () => await server.stop());

topicsContract({
  name: "Redis",
  place: async () => {
    const prefix = `test-${randomUUID().slice(0, 8)}`;
    return {
      open: async () =>
        await createRedisTopics({ connection: server.url, prefix, environment, telemetry: silentTelemetry }),
      remove: async () => {},
    };
  },
});

it("says that the server does not answer instead of hanging", async () => {
  const own = await startRedis();
  const topics = await createRedisTopics({ connection: own.url, environment, telemetry: silentTelemetry });
  await topics.publish("views", [{ key: "a", body: null }]);
  own.pause();
  await expect(topics.publish("views", [{ key: "b", body: null }])).rejects.toMatchObject({
    code: "broker/unavailable",
    retryable: true,
  });
  own.resume();
  await topics.close();
  await own.stop();
});
