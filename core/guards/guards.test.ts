import { afterEach, describe, expect, it } from "vitest";
import { messageEvent } from "../../test/support/events.ts";
import type { TurnBenchOptions } from "../../test/support/turn-bench.ts";
import { turnBench } from "../../test/support/turn-bench.ts";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function bench(options: TurnBenchOptions = {}) {
  const made = await turnBench(options);
  open.push(made.close);
  return made;
}

describe("platforms J: a chat that moved", () => {
  it.each(["-42", "-100777", "console:-42"])("stays on access.allowChats as %s", async (listed) => {
    const { run } = await bench({ policies: { access: { allowChats: [listed] } } });
    const event = messageEvent({ text: "hello" });
    const commit = await run([{ ...event, chat: { id: "-100777", keptAs: "-42", type: "direct" } }]);
    expect(commit.replies).toHaveLength(1);
  });

  it("does not bring another chat onto the list", async () => {
    const { run } = await bench({ policies: { access: { allowChats: ["-42"] } } });
    const event = messageEvent({ text: "hello" });
    expect((await run([{ ...event, chat: { id: "-100777", keptAs: "-43", type: "direct" } }])).replies).toEqual([]);
  });
});

describe("platforms J: an account that several people act as", () => {
  const proposal = { id: "p1", summary: "Pay 5 EUR", expiresAt: "2026-11-21T10:05:00.000Z" };
  const reply = { text: "Shall I?", proposal, confidence: 1, model: "scripted" };
  const crew = async () => ({ reply });

  it("is told to ask under the own name before anything waits for a confirmation", async () => {
    const { run } = await bench({ crew });
    const event = messageEvent({ text: "pay 5 euros" });
    const [answer] = (await run([{ ...event, user: { ...event.user, isShared: true } }])).replies;
    expect(answer?.reply.text).toContain("your own name");
    expect(answer?.reply.proposal).toBeUndefined();
  });

  it("a person's own account is asked as ever, and the group's questions are answered", async () => {
    const { run } = await bench({ crew });
    expect((await run([messageEvent({ text: "pay 5 euros" })])).replies[0]?.reply.proposal).toMatchObject(proposal);
    const plain = await bench();
    const event = messageEvent({ text: "what does a card cost?" });
    const [answer] = (await plain.run([{ ...event, user: { ...event.user, isShared: true } }])).replies;
    expect(answer?.reply.text).toBe("you said: what does a card cost?");
  });
});

describe("platforms D: a message that cannot be read", () => {
  it("gets a word instead of silence, and the trace says what it was", async () => {
    const { run, trace } = await bench();
    const event = { ...messageEvent({ text: "" }), unreadable: "story" };
    expect((await run([event])).replies[0]?.reply.text).toContain("cannot read that kind of message");
    expect(JSON.stringify(await trace(event))).toContain("story");
  });

  it("goes to the crew where it has words beside what cannot be read", async () => {
    const { run } = await bench();
    const commit = await run([{ ...messageEvent({ text: "what is this?" }), unreadable: "story" }]);
    expect(commit.replies[0]?.reply.text).toBe("you said: what is this?");
  });

  it("in a group it says nothing to those who did not ask it", async () => {
    const { run } = await bench();
    const event = messageEvent({ text: "" });
    const commit = await run([{ ...event, unreadable: "story", chat: { ...event.chat, type: "group" } }]);
    expect(commit.replies).toEqual([]);
  });
});
