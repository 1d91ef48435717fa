import { describe, expect, it } from "vitest";
import { textOf } from "../../../core/event.ts";
import { deleteEvent, editEvent, messageEvent, testConversation } from "../../support/events.ts";
import { type BrokerContract, claim, during, echo, freshBroker } from "./under-test.ts";
import { eventually } from "../../support/eventually.ts";

const EIGHT_DAYS_MS = 8 * 24 * 60 * 60 * 1000;
const conversation = testConversation("intake");

/** Everything `accept` promises. */
export function intakeContract(contract: BrokerContract): void {
  describe("accepting events", () => {
    const under = freshBroker(contract);

    it("numbers the events of a conversation from 1 in the order of acceptance", async () => {
      const { broker, mailboxes } = under();
      for (const text of ["a", "b", "c"]) await broker.accept(messageEvent({ conversation, text }));
      const { waiting } = await claim(mailboxes, conversation);
      expect(waiting.map(({ sequence, event }) => [sequence, textOf(event)])).toEqual([
        [1, "a"],
        [2, "b"],
        [3, "c"],
      ]);
    });

    it("keeps the order of calls that are not awaited one by one", async () => {
      const { broker, mailboxes } = under();
      const texts = Array.from({ length: 15 }, (_, index) => String(index));
      const results = await Promise.all(texts.map((text) => broker.accept(messageEvent({ conversation, text }))));
      expect(results.map((result) => (result.status === "accepted" ? result.sequence : result.status))).toEqual(
        texts.map((_, index) => index + 1),
      );
      const { waiting } = await claim(mailboxes, conversation);
      expect(waiting.map(({ event }) => textOf(event))).toEqual(texts);
    });

    it("gives the event back exactly as it was accepted", async () => {
      const { broker, mailboxes } = under();
      const event = messageEvent({ conversation, text: 'quotes " \\ | newline\n zero-width \u200b emoji 👩‍👩‍👧 \u2028' });
      await broker.accept(event);
      expect((await claim(mailboxes, conversation)).waiting[0]?.event).toEqual(event);
    });

    it("answers duplicate for the same account and key, also at the same time and after the commit", async () => {
      const { broker, mailboxes } = under();
      const event = messageEvent({ conversation });
      const again = { ...event, id: "another-envelope" };
      const results = await Promise.all(Array.from({ length: 20 }, () => broker.accept(event)));
      expect(results.filter(({ status }) => status === "accepted")).toHaveLength(1);
      const { epoch } = await claim(mailboxes, conversation);
      expect(await broker.accept(again)).toEqual({ status: "duplicate" });
      await mailboxes.commit(conversation, epoch, { through: 1, replies: [], leaseMs: 1000 });
      await mailboxes.finish(conversation, epoch);
      expect(await broker.accept(again)).toEqual({ status: "duplicate" });
      expect((await broker.counts()).waiting).toBe(0);
    });

    it("finds duplicates over two brokers on the same storage", async () => {
      const { broker, another } = under();
      const other = await another();
      const event = messageEvent({ conversation });
      const results = await Promise.all([broker.accept(event), other.broker.accept(event)]);
      expect(results.map(({ status }) => status).toSorted()).toEqual(["accepted", "duplicate"]);
    });

    it("does not mix up keys of different accounts", async () => {
      const { broker } = under();
      const first = messageEvent({ conversation, key: "same" });
      const second = messageEvent({ conversation: testConversation("intake", "second"), key: "same" });
      expect((await broker.accept(first)).status).toBe("accepted");
      expect((await broker.accept(second)).status).toBe("accepted");
    });

    it("refuses more waiting events than it may hold, and takes the same event later", async () => {
      const small = await contract.open({ maxWaiting: 2 });
      try {
        const { broker, mailboxes } = small;
        await broker.accept(messageEvent({ conversation, text: "a" }));
        await broker.accept(messageEvent({ conversation, text: "b" }));
        const third = messageEvent({ conversation, text: "c" });
        await expect(broker.accept(third)).rejects.toMatchObject({ code: "broker/mailbox-full", retryable: true });
        expect((await broker.counts()).waiting).toBe(2);
        const elsewhere = messageEvent({ conversation: testConversation("elsewhere") });
        expect((await broker.accept(elsewhere)).status).toBe("accepted");
        const { epoch } = await claim(mailboxes, conversation);
        await mailboxes.commit(conversation, epoch, { through: 1, replies: [], leaseMs: 1000 });
        expect((await broker.accept(third)).status).toBe("accepted");
      } finally {
        await small.close();
      }
    });

    it("holds the turn of an idle conversation back, so that a burst is one claim", async () => {
      const { broker, mailboxes, advance } = under();
      await broker.accept(messageEvent({ conversation, text: "a" }), { holdMs: 700 });
      await broker.accept(messageEvent({ conversation, text: "b" }), { holdMs: 700 });
      expect(await mailboxes.begin(conversation, { leaseMs: 1000, batch: 20 })).toEqual({ status: "waiting" });
      await advance(750);
      const { waiting } = await claim(mailboxes, conversation);
      expect(waiting.map(({ event }) => textOf(event))).toEqual(["a", "b"]);
    });

    it("runs a held conversation by itself when the hold is over", async () => {
      const { broker } = under();
      const seen: string[] = [];
      await during(broker.work(echo(seen)), async () => {
        await broker.accept(messageEvent({ conversation, text: "held" }), { holdMs: 60 });
        await eventually(() => expect(seen).toEqual(["held"]));
      });
    });

    it.runIf(contract.injectedClock)("remembers keys for eight days and forgets them after", async () => {
      const { broker, advance } = under();
      const event = messageEvent({ conversation });
      await broker.accept(event);
      await advance(EIGHT_DAYS_MS - 1000);
      expect((await broker.accept(event)).status).toBe("duplicate");
      await advance(2000);
      expect((await broker.accept(event)).status).toBe("accepted");
    });
  });

  describe("edits and deletes", () => {
    const under = freshBroker(contract);

    it("replaces the text of a message that still waits, in its place", async () => {
      const { broker, mailboxes } = under();
      const first = messageEvent({ conversation, messageId: "m1", text: "transfer 10" });
      await broker.accept(first);
      await broker.accept(messageEvent({ conversation, messageId: "m2", text: "second" }));
      const edit = editEvent({ conversation, messageId: "m1", text: "transfer 100" });
      expect(await broker.accept(edit)).toEqual({ status: "replaced", eventId: first.id });
      expect(await broker.accept(edit)).toEqual({ status: "duplicate" });
      const { waiting } = await claim(mailboxes, conversation);
      expect(waiting.map(({ event }) => [event.type, event.id === first.id, textOf(event)])).toEqual([
        ["message", true, "transfer 100"],
        ["message", false, "second"],
      ]);
    });

    it("appends an edit of a message that is worked on, or was, or belongs elsewhere", async () => {
      const { broker, mailboxes } = under();
      await broker.accept(messageEvent({ conversation, messageId: "m1", text: "one" }));
      const { epoch } = await claim(mailboxes, conversation);
      const during1 = await broker.accept(editEvent({ conversation, messageId: "m1" }));
      expect(during1).toEqual({ status: "accepted", sequence: 2 });
      await mailboxes.commit(conversation, epoch, { through: 1, replies: [], leaseMs: 60_000 });
      const elsewhere = testConversation("other");
      expect((await broker.accept(editEvent({ conversation: elsewhere, messageId: "m1" }))).status).toBe("accepted");
      expect((await broker.accept(editEvent({ conversation, messageId: "m9" }))).status).toBe("accepted");
    });

    it("replaces what waits behind a running turn, which then reads the new text", async () => {
      const { broker, mailboxes } = under();
      await broker.accept(messageEvent({ conversation, messageId: "m1", text: "one" }));
      const { epoch } = await claim(mailboxes, conversation);
      await broker.accept(messageEvent({ conversation, messageId: "m2", text: "two" }));
      expect((await broker.accept(editEvent({ conversation, messageId: "m2", text: "TWO" }))).status).toBe("replaced");
      await mailboxes.commit(conversation, epoch, { through: 1, replies: [], leaseMs: 60_000 });
      expect((await mailboxes.peek(conversation, 5)).map(({ event }) => textOf(event))).toEqual(["TWO"]);
    });

    it("never loses an edit of a message that the running turn has already read", async () => {
      const { broker, mailboxes } = under();
      await broker.accept(messageEvent({ conversation, messageId: "m1", text: "one" }));
      const { epoch } = await claim(mailboxes, conversation);
      await broker.accept(messageEvent({ conversation, messageId: "m2", text: "two" }));
      expect(await mailboxes.peek(conversation, 5)).toHaveLength(2);
      expect((await broker.accept(editEvent({ conversation, messageId: "m2", text: "TWO" }))).status).toBe("accepted");
      await mailboxes.commit(conversation, epoch, { through: 2, replies: [], leaseMs: 60_000 });
      expect((await mailboxes.peek(conversation, 5)).map(({ event }) => [event.type, textOf(event)])).toEqual([
        ["edit", "TWO"],
      ]);
    });

    it("cancels a message that still waits when it is deleted", async () => {
      const { broker, mailboxes } = under();
      const first = messageEvent({ conversation, messageId: "m1" });
      await broker.accept(first);
      expect(await broker.accept(deleteEvent({ conversation, messageId: "m1" }))).toEqual({
        status: "cancelled",
        eventId: first.id,
      });
      expect(await mailboxes.begin(conversation, { leaseMs: 1000, batch: 20 })).toEqual({ status: "empty" });
      expect((await broker.mailbox(conversation)).state).toBe("idle");
      expect((await broker.accept(messageEvent({ conversation }))).status).toBe("accepted");
      await claim(mailboxes, conversation);
    });

    it("appends a delete of a message that is worked on", async () => {
      const { broker, mailboxes } = under();
      await broker.accept(messageEvent({ conversation, messageId: "m1" }));
      await claim(mailboxes, conversation);
      expect((await broker.accept(deleteEvent({ conversation, messageId: "m1" }))).status).toBe("accepted");
    });
  });
}
