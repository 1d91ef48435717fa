import fc from "fast-check";
import { expect, it } from "vitest";
import { createVirtualTime } from "../../test/support/virtual-time.ts";
import { createLimiter } from "./limiter.ts";
import { windowOf } from "./rate-window.ts";

const never = new AbortController().signal;

function mostWithin(times: readonly number[], windowMs: number): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + windowMs).length));
}

it("never grants more than its limit in any window, per chat and per account, for any arrivals", async () => {
  const arrivals = fc.array(
    fc.record({ afterMs: fc.integer({ min: 0, max: 900 }), chat: fc.constantFrom("a", "b", "c"), pause: fc.boolean() }),
    { minLength: 1, maxLength: 60 },
  );
  const rate = fc.record({
    perChatPerSecond: fc.constantFrom(0.25, 0.5, 1, 1.5, 3),
    perAccountPerSecond: fc.constantFrom(1, 2.5, 5, 30),
  });
  await fc.assert(
    fc.asyncProperty(arrivals, rate, async (calls, rates) => {
      const time = createVirtualTime();
      const limiter = createLimiter({ rate: rates, clock: time.now, sleep: time.sleep });
      const grants: { readonly chat: string; readonly at: number }[] = [];
      const waiting: Promise<unknown>[] = [];
      for (const { afterMs, chat, pause } of calls) {
        if (afterMs > 0) await time.sleep(afterMs);
        if (pause && limiter.tryAcquire(chat)) grants.push({ chat, at: time.now() });
        else waiting.push(limiter.acquire(chat, never).then(() => grants.push({ chat, at: time.now() })));
      }
      await Promise.all(waiting);
      expect(grants).toHaveLength(calls.length);
      const account = windowOf(rates.perAccountPerSecond);
      expect(
        mostWithin(
          grants.map((grant) => grant.at),
          account.windowMs,
        ),
      ).toBeLessThanOrEqual(account.limit);
      const perChat = windowOf(rates.perChatPerSecond);
      for (const chat of ["a", "b", "c"]) {
        const times = grants.filter((grant) => grant.chat === chat).map((grant) => grant.at);
        expect(mostWithin(times, perChat.windowMs)).toBeLessThanOrEqual(perChat.limit);
      }
    }),
    { numRuns: 100 },
  );
});

it("gives chats their turns round robin, so that a chat with a backlog does not hold up the others", async () => {
  const time = createVirtualTime();
  const limiter = createLimiter({
    rate: { perChatPerSecond: 10, perAccountPerSecond: 1 },
    clock: time.now,
    sleep: time.sleep,
  });
  const order: string[] = [];
  const chats = [...Array<string>(5).fill("busy"), "calm", "quiet"];
  await Promise.all(chats.map(async (chat) => await limiter.acquire(chat, never).then(() => order.push(chat))));
  expect(order.slice(0, 4).toSorted()).toEqual(["busy", "busy", "calm", "quiet"]);
});

it("pauses one chat for as long as the platform asked, and no other", async () => {
  const time = createVirtualTime();
  const limiter = createLimiter({
    rate: { perChatPerSecond: 10, perAccountPerSecond: 10 },
    clock: time.now,
    sleep: time.sleep,
  });
  const start = time.now();
  limiter.pause("a", 30_000);
  limiter.pause("a", 1_000);
  await limiter.acquire("b", never);
  expect(time.now()).toBe(start);
  expect(limiter.tryAcquire("a")).toBe(false);
  await limiter.acquire("a", never);
  expect(time.now()).toBe(start + 30_000);
});

it("lets a waiting call be aborted without spending its place", async () => {
  const time = createVirtualTime();
  const limiter = createLimiter({
    rate: { perChatPerSecond: 1, perAccountPerSecond: 1 },
    clock: time.now,
    sleep: time.sleep,
  });
  const start = time.now();
  await limiter.acquire("a", never);
  const abort = new AbortController();
  const aborted = limiter.acquire("a", abort.signal).catch((thrown: unknown) => thrown);
  const next = limiter.acquire("a", never);
  abort.abort(new Error("stop"));
  expect(await aborted).toEqual(new Error("stop"));
  await next;
  expect(time.now()).toBe(start + 1_000);
  await expect(limiter.acquire("a", abort.signal)).rejects.toThrow("stop");
});

it("forgets idle chats, so that memory stays bounded", async () => {
  const time = createVirtualTime();
  const limiter = createLimiter({
    rate: { perChatPerSecond: 1, perAccountPerSecond: 1_000 },
    clock: time.now,
    sleep: time.sleep,
  });
  for (let index = 0; index < 5_000; index++) {
    await limiter.acquire(`chat ${index}`, never);
    if (index % 50 === 0) await time.sleep(1_500);
  }
  expect(limiter.size()).toBeLessThan(300);
});

it("does not stand still when the clock is set back", async () => {
  let offset = 0;
  const time = createVirtualTime();
  const limiter = createLimiter({
    rate: { perChatPerSecond: 1, perAccountPerSecond: 1 },
    clock: () => time.now() + offset,
    sleep: time.sleep,
  });
  await limiter.acquire("a", never);
  limiter.pause("a", 2_000);
  offset = -3_600_000;
  const start = time.now();
  await limiter.acquire("a", never);
  expect(time.now() - start).toBeLessThanOrEqual(3_000);
});
