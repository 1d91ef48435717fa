/** What is said in more than one message or sentence: languages, questions to documents, complaints, memory. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { crewBench } from "../../test/support/crew-bench.ts";
import { bank } from "../../tools/index.ts";
import { support } from "../../tools/support/index.ts";

let bench: Awaited<ReturnType<typeof crewBench>>;
beforeAll(async () => {
  bench = await crewBench({ articles: "all", packs: [bank(), support()] });
});
afterAll(async () => {
  await bench.close();
});

let people = 0;
async function linked() {
  const talk = bench.talk(`person-${(people += 1)}`);
  await talk.say("link ANNA-7K42");
  return talk;
}

describe("a language", () => {
  it.each([
    ["Sprich bitte englisch mit mir", "what's my balance", "Account"],
    ["können wir auf Englisch schreiben", "my balance", "Account"],
    ["English please", "balance", "Account"],
    ["speak German please", "kontostand", "Konto"],
    ["auf Deutsch bitte", "saldo", "Konto"],
  ])("is kept once it is asked for: %s", async (asking, text, word) => {
    const talk = await linked();
    await talk.say("Wie ist mein Kontostand auf dem Girokonto heute?");
    await talk.say(asking);
    expect((await talk.say(text)).reply.text).toContain(word);
  });
});

describe("a further question", () => {
  it.each([
    ["What is a SEPA transfer?", "How long does it take?", "How long does it take a SEPA transfer"],
    [
      "What does an international transfer cost?",
      "And how long does it take?",
      "how long does it take an international transfer cost",
    ],
    ["What is a SEPA transfer?", "What about abroad?", "abroad What is a transfer?"],
  ])("is looked up with what it is about: %s %s", async (first, text, query) => {
    const talk = await linked();
    await talk.say(first);
    const { calls } = await talk.say(text);
    expect(calls.map(({ input }) => input)).toEqual([expect.objectContaining({ query })]);
  });
});

describe("a complaint told in several sentences", () => {
  it.each([
    "So langsam reicht es mir. Schon wieder stand ich diese Woche vor einem kaputten Automaten. Bitte nehmt das als Beschwerde auf.",
    "The machine at the market was broken again. I waited half an hour in the rain. Please take this down as a complaint.",
    "Yesterday nobody picked up the phone. I paid for the call. I want to make a complaint.",
    "Gestern hat mich euer Berater versetzt. Ich war extra früher gekommen. Ich möchte mich beschweren.",
  ])("holds all of it: %s", async (text) => {
    const { calls } = await (await linked()).say(text);
    expect(calls.map(({ name, input }) => ({ name, input }))).toEqual([
      { name: "record_complaint", input: { words: text } },
    ]);
  });

  it("does not take an order along", async () => {
    const { calls } = await (await linked()).say("I want to complain. Send 5 euros to Jana.");
    expect(calls.map(({ name }) => name)).toEqual(["transfer_money"]);
  });
});

describe("one remembered fact", () => {
  it.each([
    "scrap that note, Emre is fine",
    "actually nah, scrap that note",
    "Streich die Notiz, das hat sich erledigt",
    "forget that please",
  ])("is the one that is pointed at: %s", async (text) => {
    const talk = await linked();
    await talk.say("remember that Remy owes me 20 euros");
    await talk.say(text);
    expect(talk.memory()).toEqual([]);
  });
  it.each(["who is my sister?", "what is my sister called?", "Wer ist meine sister?"])("is told: %s", async (text) => {
    const talk = await linked();
    await talk.say("my sister is called Yara");
    expect((await talk.say(text)).reply.text).toContain("Yara");
  });
});
