import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recommend } from "../../tools/recommend/index.ts";
import { support } from "../../tools/support/index.ts";
import { bank } from "../../tools/index.ts";
import { crewBench } from "../../test/support/crew-bench.ts";

let bench: Awaited<ReturnType<typeof crewBench>>;
beforeAll(async () => {
  bench = await crewBench({ articles: "all", packs: [bank(), support(), recommend({ capture: "on" })] });
  await bench.talk("warm-up").say("hello");
});
afterAll(async () => {
  await bench.close();
});

let people = 0;
const stranger = () => bench.talk(`person-${(people += 1)}`);

describe("a question to documents", () => {
  it("is searched for with its likely topics", async () => {
    const { calls } = await stranger().say("Dad died last week, who gets into his account now?");
    const inheritance = { words: expect.stringContaining("inheritance"), confidence: expect.any(Number) };
    expect(calls).toMatchObject([
      { name: "search_documents", input: { topics: expect.arrayContaining([inheritance]) } },
    ]);
  });

  it("is still about what was just cited", async () => {
    const talk = stranger();
    await talk.say("How long can I get a direct debit back?");
    const { calls, reply } = await talk.say("and if I never gave a mandate?");
    const topics = expect.arrayContaining([{ words: "Standing orders and direct debits", confidence: 0.7 }]);
    expect(calls).toMatchObject([{ name: "search_documents", input: { topics } }]);
    expect(reply.text).toContain("13 months");
  });
});

describe("a question to documents while something is asked for", () => {
  it("is answered, and the open question is repeated below", async () => {
    const talk = stranger();
    await talk.say("/link ANNA-7K42");
    await talk.say("send money");
    const { reply } = await talk.say("What does a replacement card cost?");
    expect(reply.text).toContain("€9.00");
    expect(reply.text).toMatch(/Back to what you asked before \(send money\)\. Who should get .+\?$/u);
    expect((await talk.say("to Jana")).reply.text).toContain("Jana");
  });
});

describe("a question about complaints", () => {
  it.each([
    "you said no to my complaint, who else can I ask?",
    "complaint refused. where do I take it now",
    "by when do I get a reply to a complaint",
    "meine Beschwerde wurde abgewiesen, wohin kann ich gehen",
    "ihr habt meine Reklamation abgelehnt, wer hilft da weiter",
    "wie lange braucht ihr für eine Beschwerde",
  ])("records none: %s", async (text) => {
    const { calls } = await stranger().say(text);
    expect(calls.map(({ name }) => name)).toEqual(["search_documents"]);
  });

  it("is still about the one that was just recorded", async () => {
    const talk = stranger();
    await talk.say("I want to complain: I waited 40 minutes on the phone on Monday");
    const { reply } = await talk.say("and when will somebody answer me in writing?");
    expect(reply.text).toContain("15 working days");
  });
});

describe("thanks and a farewell in one", () => {
  it.each(["thanks a lot, have a nice evening", "super, danke dir und ein schönes Wochenende"])(
    "is answered as thanks: %s",
    async (text) => {
      const { steps } = await stranger().say(text);
      expect(steps.map(({ act }) => act)).toContain("thanks");
    },
  );
});

describe("consent to be learned from", () => {
  it.each([
    [
      "Meine Unterhaltungen bleiben bei den Empfehlungen künftig außen vor, ich will keine Auswertung",
      "forbid_learning",
    ],
    ["I withdraw my permission to have my behaviour analysed for suggestions", "forbid_learning"],
    ["I'm fine with you analysing my habits for better suggestions", "allow_learning"],
  ])("%s: is a request, not looked up", async (text, tool) => {
    const { calls } = await stranger().say(text);
    expect(calls.map(({ name }) => name)).toEqual([tool]);
  });

  it("is not given by a question about it", async () => {
    const { calls } = await stranger().say("What happens with my data when I let you learn from me?");
    expect(calls.map(({ name }) => name)).not.toContain("allow_learning");
  });
});
