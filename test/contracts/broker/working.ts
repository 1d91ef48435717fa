import { describe, expect, it } from "vitest";
import { FencedError } from "../../../core/broker/errors.ts";
import { textOf } from "../../../core/event.ts";
import { messageEvent, testConversation } from "../../support/events.ts";
import {
  type BrokerContract,
  claim,
  commitHead,
  during,
  echo,
  freshBroker,
  gate,
  headOf,
  LEASE_MS,
} from "./under-test.ts";
import { eventually } from "../../support/eventually.ts";

const conversation = testConversation("working");

/** The claim loop on real storage: order, fairness, bursts, arrivals, takeover. */
export function workContract(contract: BrokerContract): void {
  describe("working", () => {
    const under = freshBroker(contract);

    it("runs the turns of each conversation in order, one at a time, over two brokers", async () => {
      const { broker, another } = under();
      const other = await another();
      const chats = Array.from({ length: 8 }, (_, index) => testConversation(`order-${index}`));
      const seen = new Map(chats.map((chat) => [chat, [] as string[]]));
      const inTurn = new Set<string>();
      const overlaps: string[] = [];
      const handler: Parameters<typeof broker.work>[0] = async (held) => {
        if (inTurn.has(held.conversation)) overlaps.push(held.conversation);
        inTurn.add(held.conversation);
        seen.get(held.conversation)?.push(textOf(headOf(held)));
        await new Promise((resolve) => setTimeout(resolve, 1));
        inTurn.delete(held.conversation);
        await commitHead(held, ["ok"]);
      };
      await during(broker.work(handler, { batch: 3 }), () =>
        during(other.broker.work(handler, { batch: 3 }), async () => {
          for (let index = 0; index < 12; index += 1) {
            const target = index % 2 === 0 ? broker : other.broker;
            await Promise.all(
              chats.map((chat) => target.accept(messageEvent({ conversation: chat, text: String(index) }))),
            );
          }
          await eventually(async () => expect((await broker.counts()).waiting).toBe(0));
        }),
      );
      const expected = Array.from({ length: 12 }, (_, index) => String(index));
      for (const texts of seen.values()) expect(texts).toEqual(expected);
      expect(overlaps).toEqual([]);
    });

    it("strands no message that arrives while a claim is being finished", async () => {
      const { broker } = under();
      const seen: string[] = [];
      await during(broker.work(echo(seen)), async () => {
        for (let index = 0; index < 60; index += 1) {
          await broker.accept(messageEvent({ conversation, text: String(index) }));
          if (index % 3 === 0) await new Promise((resolve) => setTimeout(resolve, index % 7));
        }
        await eventually(() => expect(seen).toHaveLength(60));
      });
    });

    it("gives other conversations their turn after a batch", async () => {
      const { broker } = under();
      const busy = testConversation("busy");
      const quiet = testConversation("quiet");
      for (let index = 0; index < 12; index += 1) await broker.accept(messageEvent({ conversation: busy, text: "b" }));
      await broker.accept(messageEvent({ conversation: quiet, text: "q" }));
      const seen: string[] = [];
      await during(broker.work(echo(seen), { concurrency: 1, batch: 3 }), async () => {
        await eventually(() => expect(seen).toHaveLength(13));
      });
      expect(seen.indexOf("q")).toBeLessThanOrEqual(6);
    });

    it("works on no more conversations at once than it may", async () => {
      const { broker } = under();
      let now = 0;
      let most = 0;
      let done = 0;
      for (let index = 0; index < 12; index += 1) {
        await broker.accept(messageEvent({ conversation: testConversation(`many-${index}`) }));
      }
      const handler: Parameters<typeof broker.work>[0] = async (held) => {
        now += 1;
        most = Math.max(most, now);
        await new Promise((resolve) => setTimeout(resolve, 10));
        now -= 1;
        await commitHead(held);
        done += 1;
      };
      await during(broker.work(handler, { concurrency: 3 }), () => eventually(() => expect(done).toBe(12)));
      expect(most).toBeGreaterThan(1);
      expect(most).toBeLessThanOrEqual(3);
    });

    it("lets a turn cover a burst", async () => {
      const { broker } = under();
      const turns: string[][] = [];
      for (const text of ["a", "b", "c"]) await broker.accept(messageEvent({ conversation, text }));
      const handler: Parameters<typeof broker.work>[0] = async (held) => {
        turns.push(held.waiting.map(({ event }) => textOf(event)));
        await held.commit({ through: held.waiting.at(-1)?.sequence ?? 0, replies: [] });
      };
      await during(broker.work(handler), () => eventually(async () => expect((await broker.counts()).waiting).toBe(0)));
      expect(turns).toEqual([["a", "b", "c"]]);
    });

    it("tells a running turn of arrivals from any broker, and lets it read them", async () => {
      const { broker, another } = under();
      const other = await another();
      const started = gate();
      const heard: string[] = [];
      let refreshed: string[] = [];
      const handler: Parameters<typeof broker.work>[0] = async (held) => {
        const arrived = gate();
        held.onArrival((event) => {
          heard.push(textOf(event));
          if (heard.length === 2) arrived.open();
        });
        started.open();
        await arrived.opened;
        refreshed = (await held.refresh()).map(({ event }) => textOf(event));
        await held.commit({ through: 3, replies: [] });
      };
      await during(broker.work(handler), async () => {
        await broker.accept(messageEvent({ conversation, text: "first" }));
        await started.opened;
        await broker.accept(messageEvent({ conversation, text: "near" }));
        await other.broker.accept(messageEvent({ conversation, text: "far" }));
        await eventually(async () => expect((await broker.counts()).waiting).toBe(0));
      });
      expect(heard.toSorted()).toEqual(["far", "near"]);
      expect(refreshed).toEqual(["first", "near", "far"]);
    });

    it("aborts a turn whose claim was taken over, and throws FencedError at its commit", async () => {
      const { broker, mailboxes, another } = under();
      const other = await another();
      const outcome: { aborted?: boolean; thrown?: unknown } = {};
      const started = gate();
      const taken = gate();
      let epoch = 0;
      const handler: Parameters<typeof broker.work>[0] = async (held) => {
        epoch = held.epoch;
        started.open();
        await taken.opened;
        await eventually(() => expect(held.signal.aborted).toBe(true));
        outcome.aborted = held.signal.aborted;
        outcome.thrown = await commitHead(held, ["late"]).catch((thrown: unknown) => thrown);
        throw outcome.thrown;
      };
      const running = broker.work(handler, { leaseMs: LEASE_MS, concurrency: 1 });
      await broker.accept(messageEvent({ conversation }));
      await started.opened;
      // The claim is given up behind the worker's back, as after a pause longer than its lease.
      await mailboxes.finish(conversation, epoch);
      const live = await claim(other.mailboxes, conversation);
      taken.open();
      await eventually(() => expect(outcome.thrown).toBeInstanceOf(FencedError));
      await running.close();
      expect(outcome.aborted).toBe(true);
      expect(
        (await other.mailboxes.commit(conversation, live.epoch, { through: 1, replies: [], leaseMs: 1000 })).status,
      ).toBe("committed");
      expect((await broker.counts()).outbox).toBe(0);
    });

    it("renews the claim of a turn that takes longer than its lease", async () => {
      const { broker } = under();
      let runs = 0;
      const handler: Parameters<typeof broker.work>[0] = async (held) => {
        runs += 1;
        await new Promise((resolve) => setTimeout(resolve, LEASE_MS * 2));
        await commitHead(held);
      };
      await during(broker.work(handler, { leaseMs: LEASE_MS }), async () => {
        await broker.accept(messageEvent({ conversation }));
        await eventually(async () => expect((await broker.counts()).waiting).toBe(0));
      });
      expect(runs).toBe(1);
    });

    it("takes over the mailbox of a process that died, after its lease", async () => {
      const { broker, advance, another } = under();
      const other = await another();
      await broker.accept(messageEvent({ conversation, text: "orphan" }));
      await claim(other.mailboxes, conversation, LEASE_MS);
      const seen: string[] = [];
      await during(broker.work(echo(seen)), async () => {
        await advance(LEASE_MS + 50);
        await eventually(() => expect(seen).toEqual(["orphan"]));
      });
    });
  });
}
