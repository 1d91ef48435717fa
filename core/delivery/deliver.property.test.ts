import fc from "fast-check";
import { expect, it } from "vitest";
import { deliverySetup, testEntry, testSignal } from "../../test/support/delivery-setup.ts";
import type { WriteFault } from "../../test/support/scripted-outbox.ts";
import type { Fault } from "../../test/support/scripted-platform.ts";

const fault = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Fault>("ok") },
  {
    weight: 4,
    arbitrary: fc.constantFrom<Fault>(
      { rateLimitedMs: 5_000 },
      "transient",
      "markup",
      "ambiguous-arrived",
      "ambiguous-lost",
      "undeclared-arrived",
      "undeclared-lost",
      "crash-arrived",
      "crash-lost",
    ),
  },
  { weight: 1, arbitrary: fc.constant<Fault>("permanent") },
);
const writeFault = fc.oneof(
  { weight: 6, arbitrary: fc.constant<WriteFault>("ok") },
  { weight: 1, arbitrary: fc.constantFrom<WriteFault>("crash-before", "crash-after") },
);

/** Numbered words in paragraphs of many sizes, some with markup that plain text shows at another length. */
const paragraph = fc.record({
  words: fc.integer({ min: 1, max: 60 }),
  style: fc.constantFrom("plain", "bold", "link"),
});
const toText = (shapes: readonly { readonly words: number; readonly style: string }[]): string => {
  let next = 0;
  return shapes
    .map(({ words, style }) => {
      const text = Array.from({ length: words }, () => `w${(next += 1)}`).join(" ");
      if (style === "bold") return `**${text}**`;
      return style === "link" ? `[${text}](https://example.org/${"a".repeat(30)})` : text;
    })
    .join("\n\n");
};
/** Cuts at spaces. Much cheaper than Markdown, and just as good for counting words. */
const atSpaces = (text: string, limit: number): readonly string[] => {
  const pieces: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = pieces.at(-1);
    if (last === undefined || last.length + 1 + word.length > limit) pieces.push(word);
    else pieces.splice(-1, 1, `${last} ${word}`);
  }
  return pieces;
};
const wordsIn = (text: string): readonly number[] => [...text.matchAll(/\bw(\d+)\b/g)].map((match) => Number(match[1]));

const scenario = fc.record({
  shapes: fc.array(paragraph, { minLength: 1, maxLength: 5 }),
  sendFaults: fc.array(fault, { maxLength: 14 }),
  editFaults: fc.array(fault, { maxLength: 6 }),
  writeFaults: fc.array(writeFault, { maxLength: 40 }),
  ability: fc.constantFrom("none", "reconcile", "idempotent"),
  repeat: fc.constantFrom<"never" | "once">("never", "once"),
  streamed: fc.boolean(),
});

it("keeps order, loses nothing it calls delivered, and repeats only where policy allows, whatever fails when", async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ shapes, sendFaults, editFaults, writeFaults, ability, repeat, streamed }) => {
      const text = toText(shapes);
      // Streaming is a side channel: its own calls succeed here, the final edits may fail.
      let streaming = true;
      let streamCalls = 0;
      const { outbox, platform, live, handler, time } = await deliverySetup({
        split: atSpaces,
        capabilities: {
          text: { maxLength: 100, unit: "utf16", markup: "markdown" },
          reconcile: ability === "reconcile",
          idempotentSend: ability === "idempotent",
        },
        script: (call) => {
          if (call.kind !== "send" && call.kind !== "edit") return "ok";
          if (streaming) streamCalls += call.kind === "send" ? 1 : 0;
          if (streaming) return "ok";
          const faults = call.kind === "send" ? sendFaults : editFaults;
          return faults[call.index - (call.kind === "send" ? streamCalls : 0)] ?? "ok";
        },
        writeFault: (index) => (streaming ? "ok" : (writeFaults[index] ?? "ok")),
      });
      const entry = testEntry({ repeat, reply: { text } });
      if (streamed) {
        live.handle(testSignal(entry, { type: "delta", offset: 0, text: text.slice(0, text.length / 2) }));
        await time.sleep(3_500);
        live.handle(testSignal(entry, { type: "finished", replies: 1 }));
      }
      streaming = false;
      const streamedIds = new Set(platform.seen("c1").map((message) => message.id));
      const record = await outbox.deliver(entry, handler);
      // What was streamed may stay beside a reply that did not get through; it is no part of the reply.
      const parts = new Set(record.receipts.map((receipt) => receipt.messageId));
      const seen = platform
        .seen("c1")
        .filter(({ id }) => record.outcome === "delivered" || parts.has(id) || !streamedIds.has(id))
        .map((message) => wordsIn(message.text));
      const all = wordsIn(text);
      const flat = seen.flat();
      const copies = new Map(all.map((word) => [word, flat.filter((each) => each === word).length]));

      const lost = all.filter((word) => copies.get(word) === 0);
      expect(record.outcome === "delivered" ? lost : []).toEqual([]);
      expect(record.outcome === "failed" ? flat : []).toEqual([]);
      const firsts = all.filter((word) => flat.includes(word)).map((word) => flat.indexOf(word));
      expect(firsts).toEqual(firsts.toSorted((left, right) => left - right));
      const allowed = ability === "none" && repeat === "once" ? 2 : 1;
      expect(Math.max(...copies.values())).toBeLessThanOrEqual(allowed);
      expect(outbox.events).toHaveLength(1);
    }),
    { numRuns: 300 },
  );
});
