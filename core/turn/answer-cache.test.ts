import { randomUUID } from "node:crypto";
import { expect, it, onTestFinished } from "vitest";
import { startRedis } from "../../test/support/redis-server.ts";
import { createRedisBroker } from "../broker/redis/redis-broker.ts";
import { notice } from "../reply.ts";
import { silentTelemetry } from "../silent-telemetry.ts";
import { createSharedAnswerCache } from "./answer-cache.ts";

const environment = { clock: Date.now, random: Math.random, newId: randomUUID };

const fees = { text: "What are the fees?", edition: "1" };

/** Two processes on one Redis. */
async function two() {
  const server = await startRedis();
  const open = async () => {
    const broker = await createRedisBroker({ connection: server.url, environment, telemetry: silentTelemetry });
    onTestFinished(broker.close);
    return broker;
  };
  const [one, other] = [await open(), await open()];
  onTestFinished(server.stop);
  return { server, one, other };
}

it("answers in all processes that share a Redis, by the same configuration, for so long", async () => {
  const { server, one, other } = await two();
  const mine = createSharedAnswerCache({ broker: one, scope: "a", seconds: 300 });
  const theirs = createSharedAnswerCache({ broker: other, scope: "a", seconds: 300 });
  expect(await theirs.get(fees)).toBeUndefined();
  const reply = { ...notice("None."), sources: [{ title: "Fees", location: "fees.md", quote: "No fees." }] };
  const shared = async () => {
    await mine.set({ text: "What are  the FEES?", edition: "1" }, reply);
    return await theirs.get({ text: "what are the fees? ", edition: "1" });
  };
  // A busy machine may be slower than the cache's patience.
  await expect.poll(shared).toMatchObject(reply);
  expect(await createSharedAnswerCache({ broker: other, scope: "b", seconds: 300 }).get(fees)).toBe(undefined);
  expect(await theirs.get({ ...fees, edition: "2" })).toBeUndefined();
  const [key = ""] = server.cli("--scan", "--pattern", "parley:k:*").split("\n");
  expect(key).not.toMatch(/fees/iu);
  expect(Number(server.cli("pttl", key))).toBeGreaterThan(200_000);
  server.cli("set", key, "no json");
  expect(await theirs.get(fees)).toBeUndefined();
  await mine.set({ text: "x".repeat(2_001), edition: "1" }, reply);
  expect(await theirs.get({ text: "x".repeat(2_001), edition: "1" })).toBeUndefined();
});

it("costs nothing but the cache when Redis hangs or is gone", async () => {
  const { server, one } = await two();
  const cache = createSharedAnswerCache({ broker: one, scope: "a", seconds: 300 });
  await expect.poll(async () => (await cache.set(fees, notice("None.")), await cache.get(fees))).toBeDefined();
  server.pause();
  expect(await cache.get(fees)).toBeUndefined();
  await cache.set(fees, notice("Many."));
  server.resume();
  await expect.poll(async () => (await cache.get(fees))?.text).toBeDefined();
  await server.kill();
  expect(await cache.get(fees)).toBeUndefined();
  await cache.set(fees, notice("None."));
});
