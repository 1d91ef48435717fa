/** Names that are only like known ones, with the sample bank and no model. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bank } from "../../tools/banking/index.ts";
import { crewBench } from "../../test/support/crew-bench.ts";

let bench: Awaited<ReturnType<typeof crewBench>>;
beforeAll(async () => {
  bench = await crewBench({ packs: [bank()] });
});
afterAll(async () => await bench.close());

let people = 0;
async function ask(text: string) {
  const talk = bench.talk(`anna-${(people += 1)}`);
  await talk.say("my link code is ANNA-7K42");
  const { reply } = await talk.say(text);
  return { text: reply.text, proposed: reply.proposal?.summary };
}

describe("the reference of an order", () => {
  it.each([
    ['Send Emre 20 euros for "cancel subscription"', "cancel subscription"],
    ["Send Emre 20 euros with the note stop smoking fund", "stop smoking fund"],
    ["Send Emre 20 euros, reference rent 500", "rent 500"],
    ['Überweise Emre 20 Euro, Betreff "nicht an Jana"', "nicht an Jana"],
    ["Überweise Emre 20 Euro mit dem Betreff stopp die Wilderei", "stopp die Wilderei"],
  ])("is no command and no value: %s", async (words, reference) => {
    const { proposed } = await ask(words);
    expect(proposed).toMatch(/20[.,]00.*Emre Aydin/u);
    expect(proposed).toContain(reference);
  });

  it.each([
    "Schick Emre 20 bis 30 Euro",
    "Send Emre something between 20 and 30",
    "Überweise Emre zwischen 20 und 30 Euro",
  ])("leaves a range to be asked about: %s", async (words) => {
    const { text, proposed } = await ask(words);
    expect(proposed).toBeUndefined();
    expect(text).toMatch(/amount or the receiver open|Betrag oder den Empfänger offen/u);
  });
});

describe("the receiver of an order", () => {
  it.each([
    ["Send 5 euros to Jana Nowak", "Jana Novak"],
    ["Send money to Jana Nowak", "Jana Novak"],
    ["Schick Jana Nowak 5 Euro", "Jana Novak"],
    ["Send 5 euros to the other Jana", "Jana Novak"],
    ["Überweise 5 Euro an die andere Jana", "Jana Novak"],
    ["Send 5 euros to Paul Summer", "Dr. Paul Sommer"],
    ["Send 5 euros to Dr. Paula Sommer", "Dr. Paul Sommer"],
    ["Send 5 euros to Mr Sommer's wife", "Dr. Paul Sommer"],
    ["Überweise 5 Euro an die Frau von Herrn Sommer", "Dr. Paul Sommer"],
    ["Send 5 euros to Emre's sister", "Emre Aydin"],
    ["5 Euro an den Bruder von Emre", "Emre Aydin"],
  ])("is asked about where the name may be somebody else's: %s", async (words, name) => {
    const { text, proposed } = await ask(words);
    expect(proposed).toBeUndefined();
    expect(text).toMatch(new RegExp(`Do you mean ${name}|Ist ${name} gemeint`, "u"));
  });

  it.each([
    "Send 5 euros to Emre Aydinn",
    "Send 5 euros to Emre Aydın",
    "Send 5 euros to emre aydin",
    "Send 5 euros to my friend Emre",
    "Send 5 euros to Emre, his sister is ill",
    "Überweise 5 Euro an meinen Freund Emre",
    "Pay Emre 5 for the other ticket",
  ])("is taken where a slip of the keyboard or other words tell of nobody else: %s", async (words) => {
    expect((await ask(words)).proposed).toMatch(/5[.,]00.*Emre Aydin/u);
  });

  it.each([
    ["Add payee \u0415mre Aydin DE89370400440532013000", "several alphabets"],
    ["Speichere den Empfänger Jana N\u043Evak, IBAN DE89370400440532013000", "mehrerer Alphabete"],
  ])("is not saved under a name of mixed alphabets: %s", async (words, told) => {
    const { text, proposed } = await ask(words);
    expect(proposed).toBeUndefined();
    expect(text).toContain(told);
  });

  it("is saved under a name of another alphabet", async () => {
    expect((await ask("Add payee Иван Петров DE89370400440532013000")).proposed).toBeDefined();
  });
});
