import { afterEach, describe, expect, it } from "vitest";
import { actionEvent, messageEvent } from "../../test/support/events.ts";
import type { InboundEvent } from "../event.ts";
import { turnBench, type TurnBenchOptions } from "../../test/support/turn-bench.ts";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

const facts = [
  { key: "name", value: "Ann" },
  { key: "goal", value: "a bicycle" },
];

/** A crew that remembers two things, and forgets both when it is told to forget. */
async function bench(options: TurnBenchOptions = {}) {
  const crew: TurnBenchOptions["crew"] = async ({ text }) => {
    if (text.startsWith("I am Ann")) return { remember: facts };
    if (/forget|vergiss/iu.test(text)) return { text: "Gone!", remember: facts.map(({ key }) => ({ key, value: "" })) };
    return { text: "hello" };
  };
  const made = await turnBench({ crew, ...options });
  open.push(made.close);
  const first = messageEvent({ text: "I am Ann, remember that I am saving for a bicycle, my goal is a bicycle" });
  await made.run([first]);
  const say = async (event: Parameters<typeof made.run>[0][number]) => {
    const { replies } = await made.run([event]);
    return replies.map(({ reply }) => reply)[0];
  };
  const remembered = async () => {
    await made.run([messageEvent({ text: "who am I?" })]);
    return made.calls
      .at(-1)
      ?.memory.map(({ key }) => key)
      .toSorted();
  };
  const isKept = async () => (await made.store.history.find(first.conversation, first.id)) !== undefined;
  return { ...made, say, remembered, isKept };
}

describe.each(["/forget", "forget me", "Forget me."])("%s", (words) => {
  it("asks back, and erases nothing before it is confirmed", async () => {
    const talk = await bench();
    const asked = await talk.say(messageEvent({ text: words }));
    expect(asked?.text).toContain("cannot be undone");
    expect(asked?.choices?.map(({ id }) => id)).toEqual(["forget:all", "forget:nothing"]);
    await talk.say(messageEvent({ text: "yes" }));
    expect(await talk.isKept()).toBe(true);
    expect((await talk.say(actionEvent({ choiceId: "forget:all", value: "Erase everything" })))?.text).toContain(
      "are erased",
    );
    expect(await talk.isKept()).toBe(false);
    expect(await talk.remembered()).toEqual([]);
  });

  it("is confirmed by the button's words as well, and taken back by the other's", async () => {
    const talk = await bench();
    await talk.say(messageEvent({ text: words }));
    expect((await talk.say(messageEvent({ text: "keep it" })))?.text).toContain("nothing was erased");
    await talk.say(messageEvent({ text: words }));
    await talk.say(messageEvent({ text: "erase everything" }));
    expect(await talk.isKept()).toBe(false);
  });
});

describe("the question before all is erased", () => {
  it("is answered by nobody else, in a group", async () => {
    const talk = await bench({ policies: { access: { groups: "always" } } });
    const inGroup = <Event extends InboundEvent>(event: Event) => ({
      ...event,
      chat: { ...event.chat, type: "group" as const },
    });
    await talk.say(inGroup(messageEvent({ text: "/forget" })));
    const press = { choiceId: "forget:all", value: "Erase everything" };
    const others = await talk.say(inGroup(actionEvent({ ...press, userId: "another" })));
    expect(others?.text).toContain("no longer open for you");
    expect(await talk.isKept()).toBe(true);
    expect((await talk.say(inGroup(actionEvent(press))))?.text).toContain("are erased");
  });

  it("is open for five minutes, and not before it is asked", async () => {
    const talk = await bench();
    const press = () => actionEvent({ choiceId: "forget:all", value: "Erase everything" });
    expect((await talk.say(press()))?.text).toContain("no longer open");
    await talk.say(messageEvent({ text: "/forget" }));
    talk.time.now += 5 * 60_000 + 1;
    expect((await talk.say(press()))?.text).toContain("no longer open");
    expect(await talk.isKept()).toBe(true);
  });

  it("is asked in the person's language", async () => {
    const talk = await bench();
    const asked = await talk.say(messageEvent({ text: "vergiss bitte alles, was du über mich weißt" }));
    expect(asked?.text).toContain("Soll ich alles löschen, was ich mir über dich gemerkt habe (goal, name)?");
  });
});

describe("words that ask to forget everything", () => {
  it("stand in for the crew's deed: what is remembered is erased once it is confirmed", async () => {
    const talk = await bench();
    const asked = await talk.say(messageEvent({ text: "forget everything you know about me" }));
    expect(asked?.text).toContain("all that I remember of you (goal, name)");
    expect(asked?.text).not.toContain("Gone!");
    expect(await talk.remembered()).toEqual(["goal", "name"]);
    const done = await talk.say(actionEvent({ choiceId: "forget:memory", value: "Erase everything" }));
    expect(done?.text).toContain("erased all that I remembered");
    expect(await talk.remembered()).toEqual([]);
    expect(await talk.isKept(), "the conversation stays").toBe(true);
  });

  it("are done at once where they name one thing", async () => {
    const talk = await bench();
    expect((await talk.say(messageEvent({ text: "forget my goal" })))?.choices).toBeUndefined();
    expect(await talk.remembered()).toEqual(["name"]);
  });
});
