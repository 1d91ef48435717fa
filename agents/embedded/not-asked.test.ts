/** What nobody asked for is not done: no link is cut, nobody is called, no complaint is recorded, no file made. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { crewBench } from "../../test/support/crew-bench.ts";
import { bank } from "../../tools/index.ts";
import { recommend } from "../../tools/recommend/index.ts";
import { support } from "../../tools/support/index.ts";

let bench: Awaited<ReturnType<typeof crewBench>>;
beforeAll(async () => {
  bench = await crewBench({ articles: "all", packs: [bank(), support(), recommend({ capture: "on" })] });
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
const called = async (text: string): Promise<readonly string[]> => {
  const { calls } = await (await linked()).say(text);
  return calls.map(({ name }) => name);
};

describe("what is denied, taken back or told of others", () => {
  it.each([
    "don't unlink",
    "Please never unlink this chat",
    "Trenne den Chat nicht von meinen Konten",
    "Emre says I should unlink this chat",
    "unlink my card from Apple Pay",
    "Disconnect my old phone",
    "unlink? no, never",
    "do not disconnect me",
    "my bank adviser told me to unlink this",
    "Löse die Verbindung bitte nicht",
  ])("cuts no link: %s", async (text) => {
    expect(await called(text)).not.toContain("unlink_customer");
  });

  it.each([
    "unlink this chat",
    "please unlink my account",
    "Trenne den Chat von meinen Konten",
    "I don't want this chat linked any more, unlink it",
    "verknüpfung lösen",
    "Löse die Verbindung bitte",
  ])("is not what asks for it: %s", async (text) => {
    expect(await called(text)).toEqual(["unlink_customer"]);
  });

  it.each(["export nothing", "do not export anything", "exportiere nichts"])("makes no file: %s", async (text) => {
    expect(await called(text)).not.toContain("export_transactions");
  });

  it.each(["file a complaint? never", "nobody asked for that", "My neighbour complained about me"])(
    "is no complaint: %s",
    async (text) => {
      const { calls, dialogue = [] } = await (await linked()).say(text);
      expect([...calls.map(({ name }) => name), ...dialogue.map(({ tool }) => tool)]).not.toContain("record_complaint");
    },
  );
});

describe("the answer to what a complaint is about", () => {
  it.each(["nothing", "nichts, egal", "Send 5 euros to Jana", "what is my balance?", "never mind"])(
    "is not another request, nor none: %s",
    async (text) => {
      const talk = await linked();
      await talk.say("I'd like to complain");
      const { calls } = await talk.say(text);
      expect(calls.map(({ name }) => name)).not.toContain("record_complaint");
    },
  );

  it.each([
    "I sent 50 euros to Emre and it never arrived",
    "never got my card",
    "your branch was closed on Monday at noon",
    "ihr habt mir zweimal Gebühren abgebucht",
  ])("is what happened: %s", async (text) => {
    const talk = await linked();
    await talk.say("I'd like to complain");
    const { calls } = await talk.say(text);
    expect(calls.map(({ name }) => name)).toEqual(["record_complaint"]);
  });
});

describe("a shop in a question", () => {
  it.each([
    ["How much did I spend at Amazon?", "Amazon"],
    ["what did I spend at Aldi in October?", "Aldi"],
    ["how much at lidl last month?", "lidl"],
    ["Wie viel hab ich bei PayPal ausgegeben?", "PayPal"],
    ["Ausgaben bei der Deutschen Bahn", "Bahn"],
    ["wie viel hab ich dieses Jahr an Meyer überwiesen?", "Meyer"],
    ["what have I paid to Harry?", "Harry"],
    ["show bookings with amazon", "amazon"],
    ["How much did I spend at Rewe?", "Rewe"],
    ["How much did I spend on Netflix?", "Netflix"],
    ["how much did i spend on netflix", "netflix"],
    ["How much did I spend at Shell this year?", "Shell"],
    ["What did I pay Spotify?", "Spotify"],
    ["was hab ich bei Netflix ausgegeben", "Netflix"],
    ["What have I paid at Ikea in October?", "Ikea"],
    ["what did I pay to Vodafone", "Vodafone"],
    ["Was ging im Oktober an Vodafone?", "Vodafone"],
    ["Ausgaben bei Saturn dieses Jahr", "Saturn"],
    ["Wie viel hab ich für Disney bezahlt?", "Disney"],
  ])("is not left out of the sum: %s", async (text, counterparty) => {
    const { calls } = await (await linked()).say(text);
    expect(calls.map(({ input }) => input)).toEqual([expect.objectContaining({ counterparty })]);
  });

  it.each([
    "What did I spend in total in October?",
    "Was hab ich mit Karte bezahlt im Oktober?",
    "how much did I spend on food in Euro?",
    "Show my transactions in October in English",
    "wie viel hab ich für Miete bezahlt",
    "all payments over 50 euros please",
  ])("is none where no shop is named: %s", async (text) => {
    const { calls } = await (await linked()).say(text);
    expect(calls.map(({ input }) => input)).toEqual([expect.not.objectContaining({ counterparty: expect.anything() })]);
  });
});

describe("a whole question behind one about a shop", () => {
  it.each([
    "How much did I spend in total this year?",
    "What did I spend altogether in September?",
    "Wie viel hab ich insgesamt im September ausgegeben?",
    "How much did I spend on everything?",
    "what are all my expenses this year",
    "Zeig mir meine letzten 5 Umsätze",
    "show me my last 5 transactions",
    "list all my bookings in September",
    "what did I earn in total this year?",
    "Wie viel habe ich dieses Jahr insgesamt ausgegeben?",
    "Was habe ich im September alles ausgegeben?",
  ])("is about all: %s", async (text) => {
    const talk = await linked();
    await talk.say("How much did I pay Streamly in October?");
    const { calls } = await talk.say(text);
    expect(calls.map(({ input }) => input)).toEqual([expect.not.objectContaining({ counterparty: expect.anything() })]);
  });

  it.each([
    "and in September?",
    "how much was it in September?",
    "and this year in total?",
    "in September?",
    "und im September?",
    "show me these bookings",
  ])("carries on: %s", async (text) => {
    const talk = await linked();
    await talk.say("How much did I pay Streamly in October?");
    const { calls } = await talk.say(text);
    expect(calls.map(({ input }) => input)).toEqual([expect.objectContaining({ counterparty: "Streamly" })]);
  });
});

describe("ranges and newest bookings", () => {
  it.each([
    ["between 10.11. and 15.11.", { period: { from: "2026-11-10", to: "2026-11-15" } }],
    ["between November 10 and 15", { period: { from: "2026-11-10", to: "2026-11-15" } }],
    ["from November 3 to 9", { period: { from: "2026-11-03", to: "2026-11-09" } }],
    ["zwischen dem 10. und 15. November", { period: { from: "2026-11-10", to: "2026-11-15" } }],
    [
      "between 10 and 50 euros",
      { sums: { least: { minor: 1000, currency: "EUR" }, most: { minor: 5000, currency: "EUR" } } },
    ],
    [
      "zwischen 10 und 50 Euro",
      { sums: { least: { minor: 1000, currency: "EUR" }, most: { minor: 5000, currency: "EUR" } } },
    ],
    [
      "von 20 bis 80 Euro",
      { sums: { least: { minor: 2000, currency: "EUR" }, most: { minor: 8000, currency: "EUR" } } },
    ],
  ])("narrow the question before: %s", async (text, input) => {
    const talk = await linked();
    await talk.say("show my transactions");
    const { calls } = await talk.say(text);
    expect(calls.map((call) => call.input)).toEqual([expect.objectContaining(input)]);
  });

  it.each([
    "what was my last transfer",
    "what is my latest booking?",
    "Was war meine letzte Überweisung?",
    "letzte Buchung?",
    "Did that go through?",
    "Ist das durchgegangen?",
  ])("tell the newest one: %s", async (text) => {
    const { reply } = await (await linked()).say(text);
    expect(reply.text.split("\n")[0]).toMatch(/November 19, 2026|19\. November 2026/u);
    expect(reply.text).not.toMatch(/^(?:Yes|Ja)\b/u);
  });

  it.each([
    ["what did I spend on groceries in October and how much did I send to Emre this year?", 2],
    ["was hab ich im Oktober ausgegeben und was hab ich dieses Jahr verdient?", 2],
    ["How much did I pay Emre, and what came in in October?", 2],
    ["what did I spend on food and drinks in October?", 1],
    ["how much did I spend in September and in October?", 1],
  ])("are asked for one by one: %s", async (text, count) => {
    const { calls } = await (await linked()).say(text);
    expect(calls).toHaveLength(count);
  });
});
