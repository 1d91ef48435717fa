/** Questions to documents in several sentences: what is told around them is no request of its own. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bank } from "../../tools/banking/index.ts";
import { crewBench } from "../../test/support/crew-bench.ts";

let bench: Awaited<ReturnType<typeof crewBench>>;
beforeAll(async () => {
  bench = await crewBench({ packs: [bank()], articles: "all" });
});
afterAll(async () => await bench.close());

let people = 0;
async function ask(text: string) {
  const talk = bench.talk(`anna-${(people += 1)}`);
  await talk.say("my link code is ANNA-7K42");
  const { reply, further = [], calls } = await talk.say(text);
  return { text: [reply, ...further].map((one) => one.text).join("\n"), called: calls.map(({ name }) => name) };
}

describe("a question with what happened told around it", () => {
  it.each([
    [
      "My aunt died last week and I have no certificate from the court yet. Can her account pay the funeral home?",
      "7,500",
    ],
    ["never signed anything with this company and they debited me. how far back can I reverse that?", "13 months"],
    ["we sold our house in spring, there's 400k on my account. is all of it safe if the bank collapses?", "500,000"],
    [
      "my boy dented the neighbour's car with his scooter. does your liability policy pay for that?",
      "damage to others",
    ],
    ["you turned down my complaint. is there anybody independent I can go to?", "Ombuds"],
  ])("is looked up as one: %s", async (question, fact) => {
    const { text, called } = await ask(question);
    expect(called).toEqual(["search_documents"]);
    expect(text).toContain(fact);
  });

  it.each([
    ["How long does a SEPA transfer take? And what is my balance?", ["get_balance", "search_documents"]],
    ["Was kostet eine Ersatzkarte? Und wie ist mein Kontostand?", ["get_balance", "search_documents"]],
    ["send 20 euros to Emre. how do I close my account?", ["search_documents", "transfer_money"]],
  ])("leaves other requests their own: %s", async (text, tools) => {
    expect((await ask(text)).called.toSorted()).toEqual(tools);
  });
});
