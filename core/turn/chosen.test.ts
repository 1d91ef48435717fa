import { afterEach, describe, expect, it } from "vitest";
import { actionEvent, messageEvent, reactionEvent } from "../../test/support/events.ts";
import { type ScriptedCrew, turnBench, type TurnBenchOptions } from "../../test/support/turn-bench.ts";
import type { Choice } from "../reply.ts";
import type { RunningBot } from "./running-bot.ts";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** A pack that answers choices of its own and notes what it hears. */
function listeningPack() {
  const heard: unknown[] = [];
  const packs: RunningBot["packs"] = [
    {
      chosen: async ({ id }, { person, idempotencyKey }) => {
        if (!id.startsWith("fund:")) return undefined;
        heard.push({ chosen: id, person, idempotencyKey });
        return { text: `Noted: ${id}`, confidence: 1, model: "none" };
      },
      reacted: async ({ emoji, added, replies }) =>
        void heard.push({ emoji, added, texts: replies.map(({ text }) => text) }),
      forget: async (person) => void heard.push({ forget: person }),
    },
  ];
  return { heard, packs };
}

/** Shows choices under what is recommended, and none under anything else. */
const showing =
  (choices: readonly Choice[]): ScriptedCrew =>
  async ({ text }) =>
    text.startsWith("recommend")
      ? { reply: { text: "What about this?", confidence: 1, model: "scripted", choices: [...choices] } }
      : {};

async function bench(options: TurnBenchOptions) {
  const made = await turnBench(options);
  open.push(made.close);
  return made;
}

describe("a choice", () => {
  it("is answered by the pack it belongs to, without the crew", async () => {
    const { heard, packs } = listeningPack();
    const { run, calls, store } = await bench({ packs });
    const event = actionEvent({ choiceId: "fund:accept", value: "I like it" });
    const commit = await run([event]);
    expect(commit.replies.map(({ reply }) => reply.text)).toEqual(["Noted: fund:accept"]);
    expect(calls).toEqual([]);
    expect(heard).toEqual([
      { chosen: "fund:accept", person: expect.any(String), idempotencyKey: `${event.id}:fund:accept` },
    ]);
    expect((await store.history.find(event.conversation, event.id))?.text).toBe("I like it");
  });

  it("of nobody is said to the crew", async () => {
    const { heard, packs } = listeningPack();
    const { run, calls } = await bench({ packs });
    await run([actionEvent({ choiceId: "sample-1", value: "What does a card cost?" })]);
    expect(calls.map(({ text }) => text)).toEqual(["What does a card cost?"]);
    expect(heard).toEqual([]);
  });

  it("may be a typed number, where choices were shown as a list", async () => {
    const { packs } = listeningPack();
    const numbered = [{ id: "fund:dismiss", label: "Not this", value: "not this one" }];
    const { run } = await bench({ packs, numbered });
    const commit = await run([messageEvent({ text: "1" })]);
    expect(commit.replies.map(({ reply }) => reply.text)).toEqual(["Noted: fund:dismiss"]);
  });

  it.each(["Not this", "not this one", "  not THIS one! ", "Not this."])(
    "may be its words, typed after the reply that shows it: %j",
    async (text) => {
      const { packs } = listeningPack();
      const choices = [{ id: "fund:dismiss", label: "Not this", value: "not this one" }];
      const { run } = await bench({ packs, crew: showing(choices) });
      await run([messageEvent({ text: "recommend something" })]);
      const commit = await run([messageEvent({ text })]);
      expect(commit.replies.map(({ reply }) => reply.text)).toEqual(["Noted: fund:dismiss"]);
    },
  );

  it("is not made by words of an earlier reply, by more words, or by those of a confirmation", async () => {
    const { heard, packs } = listeningPack();
    const choices = [
      { id: "fund:dismiss", label: "Not this", value: "not this one" },
      { id: "confirm:1", label: "Confirm", value: "Confirm" },
    ];
    const { run, calls } = await bench({ packs, crew: showing(choices) });
    await run([messageEvent({ text: "recommend something" })]);
    await run([messageEvent({ text: "not this one but the other" })]);
    await run([messageEvent({ text: "recommend something" })]);
    await run([messageEvent({ text: "Confirm" })]);
    await run([messageEvent({ text: "not this one" })]);
    expect(calls).toHaveLength(5);
    expect(heard).toEqual([]);
  });

  it("words that need no model are answered by the pack that hears them", async () => {
    const packs: RunningBot["packs"] = [
      {
        said: async (text) => (text === "stop" ? { text: "Stopped.", confidence: 1, model: "none" } : undefined),
      },
    ];
    const { run, calls } = await bench({ packs });
    expect((await run([messageEvent({ text: "stop" })])).replies.map(({ reply }) => reply.text)).toEqual(["Stopped."]);
    await run([messageEvent({ text: "go" })]);
    expect(calls.map(({ text }) => text)).toEqual(["go"]);
  });
});

describe("a reaction", () => {
  it("is told to the packs with the replies it is about, and answered by silence", async () => {
    const { heard, packs } = listeningPack();
    const { run, store } = await bench({ packs });
    const event = messageEvent({ text: "recommend something" });
    const [draft] = (await run([event])).replies;
    await store.deliveries.save({
      id: draft?.id ?? "",
      conversation: event.conversation,
      account: event.account,
      eventId: event.id,
      outcome: "delivered",
      receipts: [{ part: 0, messageId: "sent-1", at: "2026-01-01T00:00:01.000Z" }],
      parts: 1,
      plain: false,
      degraded: [],
      at: "2026-01-01T00:00:01.000Z",
    });
    const commit = await run([reactionEvent({ messageId: "sent-1", emoji: "👍" })]);
    expect(commit.replies).toEqual([]);
    expect(heard).toEqual([{ emoji: "👍", added: true, texts: ["you said: recommend something"] }]);
  });

  it("to a foreign message, or of somebody who is not answered, is told to nobody", async () => {
    const { heard, packs } = listeningPack();
    const { run } = await bench({ packs, policies: { access: { allowUsers: ["user-1"] } } });
    await run([reactionEvent({ messageId: "of-somebody", emoji: "👍" })]);
    await run([reactionEvent({ messageId: "of-somebody", emoji: "👍", userId: "stranger" })]);
    expect(heard).toEqual([]);
  });
});

it("a wish to be forgotten reaches the packs with the person", async () => {
  const { heard, packs } = listeningPack();
  const { run, store } = await bench({ packs });
  const event = messageEvent({ text: "/forget" });
  await run([event]);
  expect(heard).toEqual([]);
  await run([messageEvent({ text: "erase everything" })]);
  expect(heard).toEqual([{ forget: await store.people.personOf(event.account, event.user.id) }]);
});
