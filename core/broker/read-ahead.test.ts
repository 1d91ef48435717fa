import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { messageEvent, replyTo, testConversation } from "../../test/support/events.ts";
import type { OutboxEntry } from "./outbox-entry.ts";
import { createReadAhead } from "./read-ahead.ts";

const chats = ["a", "b", "c"].map((chat) => testConversation(chat));

function entry(chat: number, position: number): OutboxEntry {
  const conversation = chats[chat % chats.length] ?? testConversation("a");
  const draft = replyTo(messageEvent({ conversation }), String(position));
  return { ...draft, position: String(position) };
}

/** An outbox in memory, read in pages. */
function storage(entries: readonly OutboxEntry[]) {
  const gone = new Set<string>();
  return {
    remove: (id: string) => void gone.add(id),
    read: (after: string, count: number) =>
      entries.filter(({ id, position }) => !gone.has(id) && Number(position) > Number(after || "0")).slice(0, count),
    isEmpty: () => gone.size === entries.length,
  };
}

describe("the courier's read-ahead", () => {
  it("gives every entry once, in order within its conversation, whatever the pages and the pace", () => {
    const numbers = fc.array(fc.nat(2), { minLength: 60, maxLength: 200, size: "max" });
    const paces = fc.array(fc.record({ page: fc.integer({ min: 1, max: 40 }), deliver: fc.nat(12) }), { minLength: 1 });
    fc.assert(
      fc.property(numbers, paces, (chatsOfEntries, steps) => {
        const entries = chatsOfEntries.map((chat, index) => entry(chat, index + 1));
        const outbox = storage(entries);
        const readAhead = createReadAhead();
        const delivered: OutboxEntry[] = [];
        for (let round = 0; !outbox.isEmpty() && round < 5_000; round += 1) {
          const { deliver, page } = steps[round % steps.length] ?? { deliver: 1, page: 10 };
          readAhead.beginRead();
          const answer = outbox.read(readAhead.cursor(), page);
          // Deliveries go on while the answer is under way.
          for (let turn = 0; turn < Math.max(1, deliver); turn += 1) {
            const chat = chats[(round + turn) % chats.length] ?? testConversation("a");
            const head = readAhead.head(chat);
            if (head === undefined) continue;
            outbox.remove(head.id);
            delivered.push(head);
            readAhead.finish(chat);
          }
          readAhead.add(answer);
          if (answer.length === 0) readAhead.rewind();
        }
        for (const chat of chats) {
          const order = (list: readonly OutboxEntry[]): readonly string[] =>
            list.filter(({ conversation }) => conversation === chat).map(({ id }) => id);
          expect(order(delivered)).toEqual(order(entries));
        }
      }),
      { numRuns: 200 },
    );
  });

  it("keeps a conversation that does not move from filling the memory", () => {
    const readAhead = createReadAhead();
    const stuck = Array.from({ length: 5_000 }, (_, index) => entry(0, index + 1));
    expect(readAhead.add(stuck)).toEqual([chats[0]]);
    expect(readAhead.isFull()).toBe(false);
    expect(readAhead.add([entry(1, 5_001)])).toEqual([chats[1]]);
  });
});
