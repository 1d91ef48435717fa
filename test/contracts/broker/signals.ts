import { describe, expect, it } from "vitest";
import type { Json } from "../../../core/json.ts";
import type { LifecycleEvent } from "../../../core/lifecycle.ts";
import { textOf } from "../../../core/event.ts";
import { messageEvent, testConversation } from "../../support/events.ts";
import { type BrokerContract, claim, during, echo, freshBroker } from "./under-test.ts";
import { eventually } from "../../support/eventually.ts";

const conversation = testConversation("signals");

/** Schedules, signals, the lifecycle stream, shared memory, counts, checks. */
export function signalContract(contract: BrokerContract): void {
  describe("scheduled events", () => {
    const under = freshBroker(contract);
    const soon = 250;

    it("are accepted when they are due, once", async () => {
      const { broker, mailboxes, sweep, advance } = under();
      const event = messageEvent({ conversation, text: "later" });
      const at = Date.now() + 600_000;
      await broker.schedule(event, at);
      await broker.schedule(event, at);
      expect(await broker.counts()).toMatchObject({ scheduled: 1, waiting: 0 });
      expect(await broker.unschedule(event.id)).toBe(true);
      await broker.schedule(event, Date.now() + soon);
      await advance(soon + 50);
      await sweep();
      await eventually(async () => expect(await broker.counts()).toMatchObject({ scheduled: 0, waiting: 1 }));
      expect((await claim(mailboxes, conversation)).waiting.map((item) => textOf(item.event))).toEqual(["later"]);
    });

    it("run by themselves", async () => {
      const { broker } = under();
      const seen: string[] = [];
      await during(broker.work(echo(seen)), async () => {
        await broker.schedule(messageEvent({ conversation, text: "reminder" }), Date.now() + 100);
        await eventually(() => expect(seen).toEqual(["reminder"]));
      });
    });

    it("are taken back by their id", async () => {
      const { broker, sweep, advance } = under();
      const event = messageEvent({ conversation });
      await broker.schedule(event, Date.now() + soon);
      expect(await broker.unschedule(event.id)).toBe(true);
      expect(await broker.unschedule(event.id)).toBe(false);
      await advance(soon + 50);
      await sweep();
      expect(await broker.counts()).toMatchObject({ scheduled: 0, waiting: 0 });
    });
  });

  describe("signals and the lifecycle stream", () => {
    const under = freshBroker(contract);

    it("publishes to the subscribers of a topic only, until they leave", async () => {
      const { broker } = under();
      const heard: Json[] = [];
      const leave = await broker.subscribe("deltas", (message) => void heard.push(message));
      const later: Json[] = [];
      await broker.subscribe("later", (message) => void later.push(message));
      await broker.publish("deltas", { text: "Hel", nested: [1, null, true] });
      await broker.publish("other", "nothing");
      await eventually(() => expect(heard).toEqual([{ text: "Hel", nested: [1, null, true] }]));
      await leave();
      await broker.publish("deltas", "gone");
      await broker.publish("later", "mark");
      await eventually(() => expect(later).toEqual(["mark"]));
      expect(heard).toHaveLength(1);
    });

    it("publishes to subscribers in other brokers", async () => {
      const { broker, another } = under();
      const other = await another();
      const heard: Json[] = [];
      await other.broker.subscribe("deltas", (message) => void heard.push(message));
      await broker.publish("deltas", "hello");
      await eventually(() => expect(heard).toEqual(["hello"]));
    });

    it("does not let a listener that throws disturb the others", async () => {
      const { broker } = under();
      const heard: Json[] = [];
      await broker.subscribe("deltas", () => {
        throw new Error("bad listener");
      });
      await broker.subscribe("deltas", (message) => void heard.push(message));
      await broker.publish("deltas", 1);
      await eventually(() => expect(heard).toEqual([1]));
    });

    it("lets every broker follow the lifecycle from now on, in order", async () => {
      const { broker, another } = under();
      const other = await another();
      await broker.emit(lifecycle("before"));
      const near: string[] = [];
      const far: string[] = [];
      const stop = await broker.follow((event) => void near.push(event.id));
      await other.broker.follow((event) => void far.push(event.id));
      for (const id of ["1", "2", "3"]) await broker.emit(lifecycle(id));
      await eventually(() =>
        expect([near, far]).toEqual([
          ["1", "2", "3"],
          ["1", "2", "3"],
        ]),
      );
      await stop();
      await broker.emit(lifecycle("4"));
      await eventually(() => expect(far).toEqual(["1", "2", "3", "4"]));
      expect(near).toEqual(["1", "2", "3"]);
    });

    it("continues after a cursor", async () => {
      const { broker } = under();
      const seen: [string, string][] = [];
      const stop = await broker.follow((event, cursor) => void seen.push([event.id, cursor]));
      for (const id of ["1", "2", "3"]) await broker.emit(lifecycle(id));
      await eventually(() => expect(seen).toHaveLength(3));
      await stop();
      await broker.emit(lifecycle("4"));
      const resumed: string[] = [];
      await broker.follow((event) => void resumed.push(event.id), seen[1]?.[1] ?? "");
      await broker.emit(lifecycle("5"));
      await eventually(() => expect(resumed).toEqual(["3", "4", "5"]));
    });
  });

  describe("shared memory, counts and checks", () => {
    const under = freshBroker(contract);

    it("recalls what any broker remembered, until its time is over", async () => {
      const { broker, another, advance } = under();
      const other = await another();
      expect(await broker.recall("key")).toBeUndefined();
      await broker.remember("key", "one", 60_000);
      await broker.remember("key", "two", 700);
      expect(await other.broker.recall("key")).toBe("two");
      await advance(750);
      expect(await other.broker.recall("key")).toBeUndefined();
    });

    it("counts what is where", async () => {
      const { broker, mailboxes } = under();
      expect(await broker.counts()).toEqual({ waiting: 0, running: 0, scheduled: 0, outbox: 0, dead: 0 });
      for (const chat of ["a", "b"]) {
        await broker.accept(messageEvent({ conversation: testConversation(chat) }));
        await broker.accept(messageEvent({ conversation: testConversation(chat) }));
      }
      await broker.schedule(messageEvent({ conversation }), Date.now() + 60_000);
      const running = await claim(mailboxes, testConversation("a"));
      expect(await broker.counts()).toEqual({ waiting: 4, running: 1, scheduled: 1, outbox: 0, dead: 0 });
      await mailboxes.bury(testConversation("a"), running.epoch, { reason: "x", attempts: 1, replies: [] });
      expect(await broker.counts()).toEqual({ waiting: 3, running: 0, scheduled: 1, outbox: 0, dead: 1 });
    });

    it("shows a mailbox to people", async () => {
      const { broker, mailboxes } = under();
      expect(await broker.mailbox(conversation)).toEqual({ state: "idle", waiting: [], attempt: 0 });
      const event = messageEvent({ conversation });
      await broker.accept(event);
      const waiting = [{ sequence: 1, eventId: event.id, type: "message" }];
      expect(await broker.mailbox(conversation)).toEqual({ state: "ready", waiting, attempt: 0 });
      await claim(mailboxes, conversation);
      expect(await broker.mailbox(conversation)).toEqual({ state: "running", waiting, attempt: 1 });
    });

    it("finds nothing wrong with good storage", async () => {
      const findings = await under().broker.check();
      expect(findings.length).toBeGreaterThan(1);
      expect(findings.filter(({ status }) => status === "error")).toEqual([]);
    });

    it("can be closed twice", async () => {
      const { broker } = under();
      await broker.close();
      await expect(broker.close()).resolves.toBeUndefined();
    });
  });
}

function lifecycle(id: string): LifecycleEvent {
  const { account } = messageEvent({ conversation });
  return {
    version: 1,
    id,
    at: "2026-01-01T00:00:00.000Z",
    bot: "test-bot",
    account,
    conversation,
    type: "session.created",
  };
}
