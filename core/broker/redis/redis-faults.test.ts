import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterEach, describe, expect, it } from "vitest";
import { messageEvent, replyTo, testConversation } from "../../../test/support/events.ts";
import { eventually } from "../../../test/support/eventually.ts";
import { type RedisServer, type RedisServerOptions, startRedis } from "../../../test/support/redis-server.ts";
import { accountOf } from "../../conversation-id.ts";
import { textOf } from "../../event.ts";
import { silentTelemetry } from "../../silent-telemetry.ts";
import type { Broker, ClaimHandler } from "../broker.ts";
import { createKeys } from "./layout.ts";
import { createRedisBroker, createRedisPrimitives, type RedisBrokerOptions } from "./redis-broker.ts";

const conversation = testConversation("faults");
const ends: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

async function server(options: RedisServerOptions = {}): Promise<RedisServer> {
  const started = await startRedis(options);
  ends.push(started.stop);
  return started;
}

function optionsFor(redis: RedisServer, more: Partial<RedisBrokerOptions> = {}): RedisBrokerOptions {
  return {
    connection: redis.url,
    environment: { clock: Date.now, newId: randomUUID, random: Math.random },
    telemetry: silentTelemetry,
    sweepMs: 100,
    ...more,
  };
}

async function open(redis: RedisServer, more: Partial<RedisBrokerOptions> = {}): Promise<Broker> {
  const broker = await createRedisBroker(optionsFor(redis, more));
  ends.push(broker.close);
  return broker;
}

function collect(seen: string[]): ClaimHandler {
  return async (claim) => {
    const head = claim.waiting[0];
    if (head === undefined) return;
    await claim.commit({ through: head.sequence, replies: [replyTo(head.event, "done")] });
    seen.push(textOf(head.event));
  };
}

describe("a Redis that is not fit", () => {
  it("is refused when it may evict, with the command that helps", async () => {
    const redis = await server({ policy: "allkeys-lru" });
    await expect(createRedisBroker(optionsFor(redis))).rejects.toMatchObject({
      code: "broker/unsafe-redis",
      message: expect.stringMatching(/maxmemory-policy allkeys-lru.*CONFIG SET maxmemory-policy noeviction/),
    });
  });

  it("is reported by the check when its settings change later, and when it does not persist", async () => {
    const redis = await server();
    const broker = await open(redis);
    redis.cli("CONFIG", "SET", "maxmemory-policy", "volatile-ttl");
    const findings = await broker.check();
    expect(findings.find(({ name }) => name === "redis eviction")?.status).toBe("error");
    const persistence = findings.find(({ name }) => name === "redis persistence");
    expect(persistence).toMatchObject({ status: "warning", remedy: expect.stringContaining("appendonly yes") });
  });

  it("is waited for no longer than the deadline when nothing answers at its address", async () => {
    const redis = await startRedis();
    await redis.stop();
    await expect(createRedisBroker(optionsFor(redis, { connectTimeoutMs: 300 }))).rejects.toMatchObject({
      code: "broker/unavailable",
    });
  });
});

describe("a Redis that hangs", () => {
  it("costs a caller the deadline and no more; repeating the event is safe", async () => {
    const redis = await server();
    const broker = await open(redis, { commandTimeoutMs: 200 });
    const event = messageEvent({ conversation });
    redis.pause();
    await expect(broker.accept(event)).rejects.toMatchObject({ code: "broker/unavailable", retryable: true });
    expect((await broker.check())[0]).toMatchObject({ name: "redis reachable", status: "error" });
    redis.resume();
    await eventually(async () => expect((await broker.accept(event)).status).toBe("duplicate"));
    expect((await broker.counts()).waiting).toBe(1);
  });

  it("costs a caller no more than the deadline when others are waiting already", async () => {
    const redis = await server();
    const broker = await open(redis, { commandTimeoutMs: 1_000 });
    await broker.accept(messageEvent({ conversation }));
    redis.pause();
    const first = broker.accept(messageEvent({ conversation })).catch(() => "refused");
    await sleep(100);
    const second = broker.accept(messageEvent({ conversation })).catch(() => "refused");
    expect(await Promise.race([second, sleep(1_600, "still waiting")])).toBe("refused");
    await first;
    redis.resume();
  });

  it("leaves no claim behind whose holder never heard of it", async () => {
    const redis = await server();
    const primitives = await createRedisPrimitives(optionsFor(redis, { commandTimeoutMs: 200 }));
    ends.push(primitives.close);
    const { mailboxes, intake } = primitives;
    await intake.accept(messageEvent({ conversation }));
    redis.pause();
    await expect(mailboxes.begin(conversation, { leaseMs: 60_000, batch: 20 })).rejects.toThrow();
    redis.resume();
    await eventually(async () => {
      expect(await mailboxes.begin(conversation, { leaseMs: 60_000, batch: 20 })).toMatchObject({
        status: "claimed",
        attempt: 1,
      });
    });
  });

  it("does not keep the broker from closing", async () => {
    const redis = await server();
    const broker = await open(redis, { commandTimeoutMs: 200 });
    broker.work(collect([]));
    await broker.subscribe("topic", () => undefined);
    redis.pause();
    await expect(broker.close()).resolves.toBeUndefined();
    redis.resume();
  });
});

describe("a Redis that dies", () => {
  it("does not keep the broker from closing", async () => {
    const redis = await startRedis();
    const broker = await open(redis, { commandTimeoutMs: 200 });
    broker.work(collect([]));
    broker.deliver(messageEvent({ conversation }).account, () => Promise.resolve());
    await broker.follow(() => undefined);
    await redis.stop();
    await sleep(300);
    await broker.close();
    const sockets = (): number => process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length;
    await eventually(() => expect(sockets()).toBe(0));
  });

  it("gives everything back that was acknowledged, and work goes on by itself", async () => {
    const redis = await startRedis({ appendonly: true });
    const broker = await open(redis);
    const seen: string[] = [];
    const signals: unknown[] = [];
    await broker.subscribe("topic", (message) => void signals.push(message));
    await broker.accept(messageEvent({ conversation, text: "before" }));
    await redis.kill();
    await expect(broker.accept(messageEvent({ conversation, text: "lost" }))).rejects.toMatchObject({
      code: "broker/unavailable",
    });
    broker.work(collect(seen));
    const again = await server({ appendonly: true, port: redis.port, directory: redis.directory });
    expect(again.port).toBe(redis.port);
    await eventually(() => expect(seen[0]).toBe("before"));
    await broker.accept(messageEvent({ conversation, text: "after" }));
    await eventually(() => expect(seen).toContain("after"));
    await eventually(async () => {
      await broker.publish("topic", "mark");
      expect(signals).toContain("mark");
    });
    signals.length = 0;
    await broker.publish("topic", "once");
    await sleep(100);
    expect(signals.filter((signal) => signal === "once")).toHaveLength(1);
  });
});

describe("what got lost on the way", () => {
  it("is found by the sweeper when a wake-up never came", async () => {
    const redis = await server();
    const receiver = await open(redis);
    await receiver.accept(messageEvent({ conversation, text: "stranded" }));
    await sleep(50);
    const probe = new Redis(redis.url);
    for (const key of await probe.keys("{parley:wake}:*")) await probe.del(key);
    await probe.quit();
    const seen: string[] = [];
    receiver.work(collect(seen));
    await eventually(() => expect(seen).toEqual(["stranded"]));
  });

  it("does not block a conversation when a stored event cannot be read", async () => {
    const redis = await server();
    const broker = await open(redis);
    const keys = createKeys("parley");
    const probe = new Redis(redis.url);
    await broker.accept(messageEvent({ conversation, text: "old" }));
    await broker.accept(messageEvent({ conversation, text: "good" }));
    await probe.lset(keys.conversation(conversation).mailbox, 0, '1||{"version":99}');
    const seen: string[] = [];
    broker.work(collect(seen));
    await eventually(() => expect(seen).toEqual(["good"]));
    expect(await probe.llen(keys.shardOf(conversation).unreadable)).toBe(1);
    await probe.quit();
  });

  it("does not hold up an account when a stored reply cannot be read", async () => {
    const redis = await server();
    const primitives = await createRedisPrimitives(optionsFor(redis));
    ends.push(primitives.close);
    const event = messageEvent({ conversation });
    const stream = createKeys("parley").account(event.account).outbox;
    await primitives.context.redis.xadd(stream, "*", "d", "no json");
    await primitives.outboxes.send(replyTo(event, "fine"));
    const options = { count: 10, waitMs: 0, signal: new AbortController().signal };
    const entries = await primitives.outboxes.read(event.account, "", options);
    expect(entries.map(({ reply }) => reply.text)).toEqual(["fine"]);
    expect(await primitives.context.redis.xlen(stream)).toBe(1);
  });
});

describe("closing", () => {
  it("leaves no connection and no timer behind", async () => {
    const redis = await server();
    const held = (): readonly number[] =>
      ["TCPSocketWrap", "Timeout"].map(
        (name) => process.getActiveResourcesInfo().filter((each) => each === name).length,
      );
    const before = held();
    const broker = await open(redis);
    broker.work(collect([]));
    broker.deliver(messageEvent({ conversation }).account, () => Promise.resolve());
    await broker.follow(() => undefined);
    await broker.subscribe("topic", () => undefined);
    await broker.accept(messageEvent({ conversation }), { holdMs: 60_000 });
    await broker.close();
    // No helper that waits: its own timers would be counted.
    for (let tries = 0; tries < 300 && held().some((count, index) => count > (before[index] ?? 0)); tries += 1)
      await sleep(100);
    expect(held().map((count, index) => count <= (before[index] ?? 0))).toEqual([true, true]);
    expect(
      redis
        .cli("CLIENT", "LIST")
        .split("\n")
        .filter((line) => line.includes("parley")),
    ).toEqual([]);
  });
});

describe("web-and-operations B: Redis comes back after 10 s", () => {
  it("delivers what waited within a second, also what had failed meanwhile", async () => {
    const redis = await server({ appendonly: true });
    const broker = await open(redis);
    const account = accountOf(conversation);
    const seen: { readonly text: string; readonly at: number }[] = [];
    broker.deliver(account, async (attempt) => {
      // As rendering and numbered choices do: something of the broker is needed before anything is sent.
      await broker.remember(`lists ${attempt.entry.id}`, "x", 60_000);
      seen.push({ text: attempt.entry.reply.text, at: performance.now() });
    });
    const event = messageEvent({ conversation });
    await broker.send(replyTo(event, "before", 0));
    await eventually(() => expect(seen.map(({ text }) => text)).toEqual(["before"]));
    process.kill(redis.pid, "SIGSTOP");
    const sending = broker.send(replyTo(event, "meanwhile", 1)).catch(() => undefined);
    await sleep(10_000);
    process.kill(redis.pid, "SIGCONT");
    const backAt = performance.now();
    await sending;
    await broker.send(replyTo(event, "meanwhile", 1));
    await broker.send(replyTo(event, "afterwards", 2));
    await eventually(() =>
      expect(new Set(seen.map(({ text }) => text))).toEqual(new Set(["before", "meanwhile", "afterwards"])),
    );
    const late = Math.max(...seen.map(({ at }) => at - backAt));
    // Short of a lease: nobody stands by behind a question of its own whose answer was lost.
    expect(late).toBeLessThan(5_000);
  });
});
