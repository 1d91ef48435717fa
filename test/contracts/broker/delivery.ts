import { describe, expect, it } from "vitest";
import type { DeliveryAttempt } from "../../../core/broker/broker.ts";
import type { DeliveryProgress } from "../../../core/broker/outbox-entry.ts";
import { accountOf } from "../../../core/conversation-id.ts";
import { messageEvent, replyTo, testConversation } from "../../support/events.ts";
import { type BrokerContract, during, freshBroker, gate, LEASE_MS, readAll } from "./under-test.ts";
import { eventually } from "../../support/eventually.ts";

const conversation = testConversation("delivery");
const account = accountOf(conversation);
const halfSent: DeliveryProgress = {
  sent: [{ part: 0, messageId: "platform-1", at: "2026-01-01T00:00:00.000Z" }],
  sending: 1,
  repeated: [],
  plain: false,
  failures: 0,
};

/** The outbox: order, ownership, progress. */
export function deliveryContract(contract: BrokerContract): void {
  describe("delivering", () => {
    const under = freshBroker(contract);
    const send = async (text: string, chat = conversation): Promise<void> => {
      await under().broker.send(replyTo(messageEvent({ conversation: chat }), text));
    };

    it("appends a reply once, also after it was delivered", async () => {
      const { broker, outboxes } = under();
      const draft = replyTo(messageEvent({ conversation }));
      await Promise.all([broker.send(draft), broker.send(draft)]);
      expect(await readAll(outboxes, account)).toHaveLength(1);
      const delivered: string[] = [];
      const handler = async ({ entry }: DeliveryAttempt): Promise<void> => void delivered.push(entry.id);
      await during(broker.deliver(account, handler), async () => {
        await eventually(async () => expect((await broker.counts()).outbox).toBe(0));
        await broker.send(draft);
        expect((await broker.counts()).outbox).toBe(0);
      });
      expect(delivered).toEqual([draft.id]);
    });

    it("delivers each conversation's replies in order, one at a time, and removes them", async () => {
      const { broker } = under();
      const chats = ["one", "two", "three"].map((chat) => testConversation(chat));
      const seen = new Map(chats.map((chat) => [chat, [] as string[]]));
      const inHand = new Set<string>();
      let overlaps = 0;
      const handler = async ({ entry }: DeliveryAttempt): Promise<void> => {
        if (inHand.has(entry.conversation)) overlaps += 1;
        inHand.add(entry.conversation);
        await new Promise((resolve) => setTimeout(resolve, entry.reply.text === "3" ? 10 : 1));
        inHand.delete(entry.conversation);
        seen.get(entry.conversation)?.push(entry.reply.text);
      };
      for (let index = 0; index < 5; index += 1) for (const chat of chats) await send(String(index), chat);
      await during(broker.deliver(account, handler), async () => {
        for (let index = 5; index < 10; index += 1) for (const chat of chats) await send(String(index), chat);
        await eventually(async () => expect((await broker.counts()).outbox).toBe(0));
      });
      for (const texts of seen.values()) expect(texts).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
      expect(overlaps).toBe(0);
    });

    it("holds back only the conversation whose delivery fails, however much waits in it", async () => {
      const { broker } = under();
      const stuck = testConversation("stuck");
      const fine = testConversation("fine");
      for (let index = 0; index < 60; index += 1) await send(`s${index}`, stuck);
      for (let index = 0; index < 3; index += 1) await send(`f${index}`, fine);
      const seen: string[] = [];
      let healed = false;
      const handler = async ({ entry }: DeliveryAttempt): Promise<void> => {
        if (entry.conversation === stuck && !healed) throw new Error("platform down");
        seen.push(entry.reply.text);
      };
      await during(broker.deliver(account, handler), async () => {
        await eventually(() => expect(seen).toEqual(["f0", "f1", "f2"]));
        healed = true;
        await eventually(async () => expect((await broker.counts()).outbox).toBe(0));
      });
      expect(seen.slice(3)).toEqual(Array.from({ length: 60 }, (_, index) => `s${index}`));
    });

    it("delivers no more conversations at once than it may", async () => {
      const { broker } = under();
      let now = 0;
      let most = 0;
      for (let index = 0; index < 8; index += 1) await send("x", testConversation(`chat-${index}`));
      const handler = async (): Promise<void> => {
        now += 1;
        most = Math.max(most, now);
        await new Promise((resolve) => setTimeout(resolve, 10));
        now -= 1;
      };
      await during(broker.deliver(account, handler, { concurrency: 2 }), () =>
        eventually(async () => expect((await broker.counts()).outbox).toBe(0)),
      );
      expect(most).toBe(2);
    });

    it("hands recorded progress to the next attempt", async () => {
      const { broker } = under();
      const attempts: [number, DeliveryProgress | undefined][] = [];
      const handler = async (attempt: DeliveryAttempt): Promise<void> => {
        attempts.push([attempt.attempt, attempt.progress]);
        await attempt.record(halfSent);
        if (attempt.attempt === 1) throw new Error("cut off");
      };
      await send("x");
      await during(broker.deliver(account, handler), () =>
        eventually(async () => expect((await broker.counts()).outbox).toBe(0)),
      );
      expect(attempts).toEqual([
        [1, undefined],
        [2, halfSent],
      ]);
    });

    it("delivers other accounts' replies separately", async () => {
      const { broker } = under();
      const elsewhere = testConversation("delivery", "second");
      await send("mine");
      await send("theirs", elsewhere);
      const seen: string[] = [];
      const handler = async ({ entry }: DeliveryAttempt): Promise<void> => void seen.push(entry.reply.text);
      await during(broker.deliver(account, handler), () => eventually(() => expect(seen).toEqual(["mine"])));
      expect((await readAll(under().outboxes, accountOf(elsewhere))).map(({ reply }) => reply.text)).toEqual([
        "theirs",
      ]);
    });

    it("waits as a stand-by while another broker owns the account, and takes over when it closes", async () => {
      const { broker, another } = under();
      const other = await another();
      const byFirst: string[] = [];
      const bySecond: string[] = [];
      const first = broker.deliver(account, async ({ entry }) => void byFirst.push(entry.reply.text), {
        leaseMs: LEASE_MS,
      });
      await send("1");
      await eventually(() => expect(byFirst).toEqual(["1"]));
      const second = other.broker.deliver(account, async ({ entry }) => void bySecond.push(entry.reply.text), {
        leaseMs: LEASE_MS,
      });
      await send("2");
      await eventually(() => expect(byFirst).toEqual(["1", "2"]));
      await first.close();
      await send("3");
      await eventually(() => expect(bySecond).toEqual(["3"]));
      await second.close();
      expect(byFirst).toEqual(["1", "2"]);
    });

    it("delivers unfinished entries again, with their progress, when the owner died", async () => {
      const { broker, outboxes, advance } = under();
      await send("half");
      await send("next");
      const epoch = await outboxes.own(account, "dead-process", LEASE_MS);
      const [half] = await readAll(outboxes, account);
      if (half === undefined || epoch === undefined) throw new Error("the outbox should hold two entries");
      expect(await outboxes.record({ account, epoch }, half, halfSent)).toBe(true);
      await advance(LEASE_MS + 50);
      const seen: [string, DeliveryProgress | undefined][] = [];
      const handler = async ({ entry, progress }: DeliveryAttempt): Promise<void> => {
        seen.push([entry.reply.text, progress]);
      };
      await during(broker.deliver(account, handler, { leaseMs: LEASE_MS }), () =>
        eventually(() => expect(seen).toHaveLength(2)),
      );
      expect(seen).toEqual([
        ["half", halfSent],
        ["next", undefined],
      ]);
    });

    it("refuses records and removals of an owner that lost the account", async () => {
      const { outboxes, advance, another } = under();
      const other = await another();
      await send("x");
      const lost = await outboxes.own(account, "first", LEASE_MS);
      expect(await other.outboxes.own(account, "second", LEASE_MS)).toBeUndefined();
      expect(await outboxes.own(account, "first", LEASE_MS)).toBe(lost);
      await advance(LEASE_MS + 50);
      const live = await other.outboxes.own(account, "second", 60_000);
      const [entry] = await readAll(outboxes, account);
      if (entry === undefined || lost === undefined || live === undefined) throw new Error("nothing to test with");
      expect(live).toBeGreaterThan(lost);
      expect(await outboxes.record({ account, epoch: lost }, entry, halfSent)).toBe(false);
      expect(await outboxes.remove({ account, epoch: lost }, entry)).toBe(false);
      expect(await outboxes.progress(account, entry.id)).toBeUndefined();
      expect(await readAll(outboxes, account)).toHaveLength(1);
      expect(await other.outboxes.remove({ account, epoch: live }, entry)).toBe(true);
      expect(await readAll(outboxes, account)).toEqual([]);
    });

    it("reads page by page, and waits for the first entry", async () => {
      const { outboxes } = under();
      const { signal } = new AbortController();
      for (const text of ["a", "b", "c"]) await send(text);
      const page = await outboxes.read(account, "", { count: 2, waitMs: 0, signal });
      const rest = await outboxes.read(account, page.at(-1)?.position ?? "", { count: 2, waitMs: 0, signal });
      expect([...page, ...rest].map(({ reply }) => reply.text)).toEqual(["a", "b", "c"]);
      const waiting = outboxes.read(account, rest.at(-1)?.position ?? "", { count: 2, waitMs: 10_000, signal });
      await send("d");
      expect((await waiting).map(({ reply }) => reply.text)).toEqual(["d"]);
    });

    it("aborts a delivery that does not end in time, and keeps its entry", async () => {
      const { broker } = under();
      const started = gate();
      let aborted = false;
      const running = broker.deliver(account, async ({ signal }) => {
        signal.addEventListener("abort", () => {
          aborted = true;
        });
        started.open();
        await new Promise(() => undefined);
      });
      await send("x");
      await started.opened;
      await running.close(20);
      expect(aborted).toBe(true);
      expect((await broker.counts()).outbox).toBe(1);
    });
  });
}
