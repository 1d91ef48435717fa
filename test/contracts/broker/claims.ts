import { describe, expect, it } from "vitest";
import { OutboxDraft } from "../../../core/broker/outbox-entry.ts";
import { textOf } from "../../../core/event.ts";
import { messageEvent, replyTo, testConversation } from "../../support/events.ts";
import { type BrokerContract, claim, freshBroker, LEASE_MS, readAll } from "./under-test.ts";

const conversation = testConversation("claims");
const begin = { leaseMs: 60_000, batch: 20 };

/** Exclusive claims and their fence. */
export function claimContract(contract: BrokerContract): void {
  describe("claims", () => {
    const under = freshBroker(contract);

    it("says that an unknown mailbox is empty", async () => {
      expect(await under().mailboxes.begin(conversation, begin)).toEqual({ status: "empty" });
    });

    it("gives one claim at a time over two brokers, and the epoch grows", async () => {
      const { broker, mailboxes, another } = under();
      const other = await another();
      await broker.accept(messageEvent({ conversation }));
      const results = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          (index % 2 === 0 ? mailboxes : other.mailboxes).begin(conversation, begin),
        ),
      );
      const claims = results.filter((result) => result.status === "claimed");
      expect(claims).toHaveLength(1);
      expect(results.filter(({ status }) => status === "busy")).toHaveLength(9);
      const epoch = claims[0]?.epoch ?? 0;
      expect(await mailboxes.finish(conversation, epoch)).toBe("more");
      expect((await claim(other.mailboxes, conversation)).epoch).toBeGreaterThan(epoch);
    });

    it("hands out at most a batch", async () => {
      const { broker, mailboxes } = under();
      for (let index = 0; index < 5; index += 1) await broker.accept(messageEvent({ conversation }));
      const begun = await mailboxes.begin(conversation, { leaseMs: 60_000, batch: 3 });
      expect(begun.status === "claimed" ? begun.waiting.map(({ sequence }) => sequence) : begun).toEqual([1, 2, 3]);
    });

    it("commits several events and their replies in one step", async () => {
      const { broker, mailboxes, outboxes } = under();
      const events = ["a", "b", "c"].map((text) => messageEvent({ conversation, text }));
      for (const event of events) await broker.accept(event);
      const { epoch, waiting } = await claim(mailboxes, conversation);
      const head = waiting[0]?.event ?? messageEvent();
      const replies = [replyTo(head, "x", 0), replyTo(head, "y", 1)];
      expect(await mailboxes.commit(conversation, epoch, { through: 2, replies, leaseMs: 60_000 })).toEqual({
        status: "committed",
        remaining: 1,
      });
      const entries = await readAll(outboxes, head.account);
      expect(entries.map((entry) => OutboxDraft.parse(entry))).toEqual(replies);
      expect((await mailboxes.peek(conversation, 5)).map(({ event }) => textOf(event))).toEqual(["c"]);
      expect(await broker.counts()).toMatchObject({ waiting: 1, outbox: 2, running: 1 });
    });

    it("refuses a stale claim in every call, and changes nothing", async () => {
      const { broker, mailboxes, outboxes, advance, another } = under();
      const event = messageEvent({ conversation });
      await broker.accept(event);
      const stale = await claim(mailboxes, conversation, LEASE_MS);
      await advance(LEASE_MS + 50);
      const live = await claim((await another()).mailboxes, conversation);
      expect(live.epoch).toBeGreaterThan(stale.epoch);
      const late = { through: 1, replies: [replyTo(event)], leaseMs: 60_000 };
      expect(await mailboxes.commit(conversation, stale.epoch, late)).toEqual({ status: "fenced" });
      expect(await mailboxes.renew(conversation, stale.epoch, 60_000)).toBe(false);
      expect(await mailboxes.retry(conversation, stale.epoch, { delayMs: 0 })).toBe(false);
      expect(await mailboxes.bury(conversation, stale.epoch, { reason: "x", attempts: 1, replies: [] })).toBe(false);
      expect(await mailboxes.finish(conversation, stale.epoch)).toBe("fenced");
      expect(await broker.counts()).toMatchObject({ waiting: 1, outbox: 0, dead: 0, running: 1 });
      expect(await readAll(outboxes, event.account)).toEqual([]);
      expect((await mailboxes.commit(conversation, live.epoch, late)).status).toBe("committed");
    });

    it("refuses a commit after the claim was given up, without a taker", async () => {
      const { broker, mailboxes } = under();
      await broker.accept(messageEvent({ conversation }));
      const { epoch } = await claim(mailboxes, conversation);
      await mailboxes.finish(conversation, epoch);
      expect(await mailboxes.commit(conversation, epoch, { through: 1, replies: [], leaseMs: 1000 })).toEqual({
        status: "fenced",
      });
    });

    it("answers a repeated commit without appending the replies again", async () => {
      const { broker, mailboxes, outboxes } = under();
      const event = messageEvent({ conversation });
      await broker.accept(event);
      await broker.accept(messageEvent({ conversation }));
      const { epoch } = await claim(mailboxes, conversation);
      const commit = { through: 1, replies: [replyTo(event)], leaseMs: 60_000 };
      const first = await mailboxes.commit(conversation, epoch, commit);
      expect(await mailboxes.commit(conversation, epoch, commit)).toEqual(first);
      expect(await readAll(outboxes, event.account)).toHaveLength(1);
    });

    it("ends a claim with its last commit, where nothing else waits, also when that is asked again", async () => {
      const { broker, mailboxes, outboxes } = under();
      const event = messageEvent({ conversation });
      await broker.accept(event);
      await broker.accept(messageEvent({ conversation }));
      const { epoch } = await claim(mailboxes, conversation);
      const commit = { replies: [replyTo(event)], leaseMs: 60_000, isLast: true };
      const first = await mailboxes.commit(conversation, epoch, { ...commit, through: 1 });
      expect(first).toEqual({ status: "committed", remaining: 1 });
      expect(await broker.counts()).toMatchObject({ running: 1 });
      const last = await mailboxes.commit(conversation, epoch, { ...commit, through: 2 });
      expect(last).toEqual({ status: "committed", remaining: 0, ended: true });
      expect(await broker.mailbox(conversation)).toMatchObject({ state: "idle", waiting: [] });
      await broker.accept(messageEvent({ conversation }));
      expect(await mailboxes.commit(conversation, epoch, { ...commit, through: 2 })).toEqual(last);
      expect(await readAll(outboxes, event.account)).toHaveLength(2);
      expect((await mailboxes.commit(conversation, epoch, { ...commit, through: 3 })).status).toBe("fenced");
      expect(await claim(mailboxes, conversation)).toMatchObject({ epoch: epoch + 1, attempt: 1, failures: 0 });
    });

    it("keeps a renewed claim past its first lease", async () => {
      const { broker, mailboxes, advance } = under();
      await broker.accept(messageEvent({ conversation }));
      const { epoch } = await claim(mailboxes, conversation, LEASE_MS);
      await advance(LEASE_MS / 2);
      expect(await mailboxes.renew(conversation, epoch, 60_000)).toBe(true);
      await advance(LEASE_MS);
      expect(await mailboxes.begin(conversation, begin)).toEqual({ status: "busy" });
    });

    it("counts starts and failures of the head, and takes an unfinished start back", async () => {
      const { broker, mailboxes, advance } = under();
      await broker.accept(messageEvent({ conversation }));
      await broker.accept(messageEvent({ conversation }));
      const first = await claim(mailboxes, conversation, LEASE_MS);
      expect(first).toMatchObject({ attempt: 1, failures: 0 });
      await mailboxes.retry(conversation, first.epoch, { delayMs: 0 });
      const second = await claim(mailboxes, conversation, LEASE_MS);
      expect(second).toMatchObject({ attempt: 2, failures: 1 });
      await advance(LEASE_MS + 50);
      const third = await claim(mailboxes, conversation, LEASE_MS);
      expect(third).toMatchObject({ attempt: 3, failures: 1 });
      await mailboxes.finish(conversation, third.epoch);
      const fourth = await claim(mailboxes, conversation);
      expect(fourth).toMatchObject({ attempt: 3, failures: 1 });
      await mailboxes.commit(conversation, fourth.epoch, { through: 1, replies: [], leaseMs: 60_000 });
      await mailboxes.finish(conversation, fourth.epoch);
      expect(await claim(mailboxes, conversation)).toMatchObject({ attempt: 1, failures: 0 });
    });

    it("lets a retried head wait for its delay", async () => {
      const { broker, mailboxes, advance } = under();
      await broker.accept(messageEvent({ conversation }));
      const { epoch } = await claim(mailboxes, conversation);
      expect(await mailboxes.retry(conversation, epoch, { delayMs: 700 })).toBe(true);
      expect(await mailboxes.begin(conversation, begin)).toEqual({ status: "waiting" });
      expect(await broker.mailbox(conversation)).toMatchObject({ state: "retrying", attempt: 1 });
      await advance(750);
      expect((await claim(mailboxes, conversation)).attempt).toBe(2);
    });
  });
}
