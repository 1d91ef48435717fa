/** What every implementation of topics must do. Call it from the test of each implementation. */
import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ParleyError } from "../../core/errors.ts";
import type { ReceivedMessage, Topics } from "../../core/topics/topics.ts";
import { eventually } from "../support/eventually.ts";

export interface TopicsUnderTest {
  readonly name: string;
  /** An empty place; `open` gives topics on it, again and again. */
  readonly place: () => Promise<{ readonly open: () => Promise<Topics>; readonly remove: () => Promise<void> }>;
}

const quick = { baseDelayMs: 10, maxAttempts: 3, leaseMs: 2_000 };

/** Declares the suite. */
export function topicsContract({ name, place }: TopicsUnderTest): void {
  describe(`${name} topics`, () => {
    let at: Awaited<ReturnType<TopicsUnderTest["place"]>>;
    let topics: Topics;
    beforeEach(async () => {
      at = await place();
      topics = await at.open();
    });
    afterEach(async () => {
      await topics.close();
      await at.remove();
    });

    const message = (key: string) => ({ key, body: { said: key } });
    const settled = async (waiting: number, dead: number): Promise<void> =>
      await eventually(async () => expect(await topics.counts("views")).toEqual({ waiting, dead }));

    it("hands over each message once, with its body, and forgets what was acknowledged", async () => {
      await topics.publish("views", [message("a"), message("b")]);
      expect(await topics.counts("views")).toEqual({ waiting: 2, dead: 0 });
      const got: ReceivedMessage[] = [];
      topics.consume("views", async (received) => void got.push(received), quick);
      await topics.publish("views", [message("c")]);
      await settled(0, 0);
      expect(got.map(({ key }) => key).toSorted()).toEqual(["a", "b", "c"]);
      expect(got[0]).toMatchObject({ topic: "views", body: { said: got[0]?.key }, attempt: 1 });
    });

    it("takes the same key once, also after it was handled, and keeps topics apart", async () => {
      const got: string[] = [];
      topics.consume("views", async ({ key }) => void got.push(key), quick);
      await topics.publish("views", [message("a"), message("a")]);
      await settled(0, 0);
      await topics.publish("views", [message("a"), message("b")]);
      await topics.publish("searches", [message("a")]);
      await settled(0, 0);
      await eventually(() => expect(got.toSorted()).toEqual(["a", "b"]));
      expect(await topics.counts("searches")).toEqual({ waiting: 1, dead: 0 });
    });

    it("keeps what was published over a restart without a consumer", async () => {
      await topics.publish("views", [message("a")]);
      await topics.close();
      topics = await at.open();
      const got: string[] = [];
      topics.consume("views", async ({ key }) => void got.push(key), quick);
      await settled(0, 0);
      expect(got).toEqual(["a"]);
    });

    it("tries again after a failure, and gives up after the last attempt", async () => {
      const attempts: number[] = [];
      topics.consume(
        "views",
        async ({ key, attempt }) => {
          if (key === "hard") attempts.push(attempt);
          if (key === "hard" || attempt === 1) throw new Error("not now");
        },
        quick,
      );
      await topics.publish("views", [message("hard"), message("easy")]);
      await settled(0, 1);
      expect(attempts).toEqual([1, 2, 3]);
      expect(await topics.deadLetters("views", 10)).toMatchObject([
        {
          topic: "views",
          key: "hard",
          body: { said: "hard" },
          attempts: 3,
          reason: expect.stringContaining("not now"),
        },
      ]);
    });

    it("tries again no sooner than a failure asks", async () => {
      const times: number[] = [];
      topics.consume(
        "views",
        async () => {
          times.push(Date.now());
          if (times.length > 1) return;
          throw new ParleyError("test/later", "Later.", { retryable: true, retryAfterMs: 700 });
        },
        quick,
      );
      await topics.publish("views", [message("a")]);
      await settled(0, 0);
      const [first = 0, second = 0] = times;
      // Timers may ring a moment early.
      expect(second - first).toBeGreaterThanOrEqual(690);
    });

    it("gives up at once when trying again is of no use", async () => {
      let attempts = 0;
      topics.consume(
        "views",
        async () => {
          attempts += 1;
          throw new ParleyError("test/wrong", "It will never fit.");
        },
        quick,
      );
      await topics.publish("views", [message("wrong")]);
      await settled(0, 1);
      expect(attempts).toBe(1);
      expect((await topics.deadLetters("views", 10))[0]?.reason).toContain("It will never fit.");
    });

    it("buries what is older than its time to live", async () => {
      await topics.publish("views", [message("late")], { ttlMs: 1 });
      await new Promise((resolve) => void setTimeout(resolve, 20));
      const got: string[] = [];
      topics.consume("views", async ({ key }) => void got.push(key), quick);
      await settled(0, 1);
      expect(got).toEqual([]);
      expect((await topics.deadLetters("views", 10))[0]?.reason).toContain("expired");
    });

    it("gives a dead letter another life", async () => {
      let isBroken = true;
      const got: string[] = [];
      topics.consume(
        "views",
        async ({ key }) => {
          if (isBroken) throw new ParleyError("test/broken", "broken");
          got.push(key);
        },
        quick,
      );
      await topics.publish("views", [message("a")]);
      await settled(0, 1);
      isBroken = false;
      const [letter] = await topics.deadLetters("views", 10);
      expect(await topics.resubmit("views", letter?.id ?? "")).toBe(true);
      await settled(0, 0);
      expect(got).toEqual(["a"]);
      expect(await topics.resubmit("views", letter?.id ?? "")).toBe(false);
      expect(await topics.resubmit("views", "999999")).toBe(false);
    });

    it("never has more in hand than it may, and finishes them when it is closed", async () => {
      let inHand = 0;
      let most = 0;
      let done = 0;
      const consumer = topics.consume(
        "views",
        async () => {
          inHand += 1;
          most = Math.max(most, inHand);
          await new Promise((resolve) => void setTimeout(resolve, 20));
          inHand -= 1;
          done += 1;
        },
        { ...quick, concurrency: 3 },
      );
      await topics.publish(
        "views",
        Array.from({ length: 12 }, () => message(randomUUID())),
      );
      await eventually(() => expect(done).toBeGreaterThan(0));
      await consumer.close();
      expect(inHand).toBe(0);
      expect(most).toBeLessThanOrEqual(3);
      const { waiting } = await topics.counts("views");
      expect(waiting + done).toBe(12);
    });

    it("shares the messages among consumers: nobody gets what another has", async () => {
      const second = await at.open();
      const got: string[] = [];
      const take = async ({ key }: ReceivedMessage): Promise<void> => void got.push(key);
      topics.consume("views", take, quick);
      second.consume("views", take, quick);
      const keys = Array.from({ length: 40 }, (_, index) => `k${index}`);
      await topics.publish("views", keys.map(message));
      await settled(0, 0);
      expect(got.toSorted()).toEqual(keys.toSorted());
      await second.close();
    });
  });
}
