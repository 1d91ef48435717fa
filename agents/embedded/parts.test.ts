/** Several requests in one message, with the sample bank and no model. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bank } from "../../tools/banking/index.ts";
import { crewBench } from "../../test/support/crew-bench.ts";

let bench: Awaited<ReturnType<typeof crewBench>>;
beforeAll(async () => {
  bench = await crewBench({ packs: [bank()] });
});
afterAll(async () => await bench.close());

let people = 0;
async function anna() {
  const talk = bench.talk(`anna-${(people += 1)}`);
  await talk.say("my link code is ANNA-7K42");
  return talk;
}

async function ask(text: string) {
  const talk = await anna();
  const { reply, further = [], calls } = await talk.say(text);
  const replies = [reply, ...further];
  return {
    talk,
    text: replies.map((one) => one.text).join("\n"),
    proposed: replies.flatMap(({ proposal }) => (proposal === undefined ? [] : [proposal.summary])),
    called: calls.map(({ name }) => name),
  };
}

describe("what is urgent", () => {
  it.each([
    "send 20 euros to Emre. I have just read my code out to a stranger on the phone",
    "what is my balance? somebody stole my phone with the banking app",
    "Überweise 20 Euro an Emre! Ich habe einem Anrufer meine TAN gesagt",
  ])("is answered at once, wherever it stands, and nothing else is done: %s", async (text) => {
    const { called, proposed, ...answer } = await ask(text);
    expect(answer.text).toContain("112");
    expect([...called, ...proposed]).toEqual([]);
  });
});

describe("a message that asks for several things", () => {
  it.each([
    "what is my balance and send 20 euros to Emre",
    "Send 20 euros to Emre. How much is on my everyday account?",
    "erstens: wie ist mein Kontostand, zweitens: überweise 20 Euro an Emre",
    "show my balance, send 20 euros to Emre",
    "zeig mir meinen Kontostand, überweise 20 Euro an Emre",
    "Überweise 20 Euro an Emre\nWie ist mein Kontostand?",
  ])("answers the question and puts the order before the person: %s", async (text) => {
    const { called, proposed } = await ask(text);
    expect(called.toSorted()).toEqual(["get_balance", "transfer_money"]);
    expect(proposed).toEqual([expect.stringMatching(/20[.,]00.*Emre Aydin/u)]);
  });

  it.each([
    "send 20 to Emre and what did I spend on groceries last month?",
    "send 20 to Emre and show my last transactions",
    "What did I spend on groceries last month, and send 20 to Emre",
    "Send Emre 20 euros. What did I spend on restaurants in October?",
    "Schick Emre 20 Euro und wie viel habe ich letzten Monat für Lebensmittel ausgegeben?",
    "Überweise Emre 20 Euro und zeig mir meine letzten Umsätze",
  ])("asks nothing about the bookings but what their part says: %s", async (text) => {
    const { called, proposed, talk: _talk, ...answer } = await ask(text);
    expect(called.toSorted()).toEqual(["list_transactions", "transfer_money"]);
    expect(proposed).toHaveLength(1);
    expect(answer.text).not.toMatch(/names Emre|steht Emre/u);
  });

  it.each([
    "send 20 euros to Emre, oh and what does it cost to have a new card sent",
    "please pay Emre 20. Also what is the fee for a foreign transfer?",
    "20 euros to Emre and how long does it take to get a new card?",
    "Emre bekommt 20 Euro, und was kostet eine neue Karte?",
    "Schick Emre 20 Euro. Ach und wie sperre ich sie, wenn die Karte weg ist?",
  ])("looks a question up beside an order, which waits for nothing and keeps its words: %s", async (text) => {
    const { proposed, text: said, called } = await ask(text);
    expect(proposed).toEqual([expect.stringMatching(/20[.,]00.*Emre Aydin$/u)]);
    expect(said).not.toMatch(/Once that is confirmed|Sobald das bestätigt/u);
    expect(called).toEqual(["transfer_money"]);
  });

  it.each([
    ["if I have more than 500 on everyday, send 20 euros to Emre", 1, "holds: it is €1,835.81"],
    ["if I have more than 5000 on everyday, send 20 euros to Emre, otherwise nothing", 0, "does not hold"],
    ["send 20 euros to Emre if there is less than 100 on everyday", 0, "does not hold"],
    ["falls auf dem Girokonto mehr als 500 sind, überweise 20 Euro an Emre", 1, "trifft zu: Es sind 1.835,81"],
  ])("looks before it leaps: %s", async (text, count, says) => {
    const { called, proposed, text: said } = await ask(text);
    expect(called).toContain("get_balance");
    expect(proposed).toHaveLength(count);
    expect(said).toContain(says);
  });

  it("takes several sums of one account for what they are", async () => {
    const { proposed } = await ask("bitte alles vom Girokonto:\n- Emre 20,00\n- Jana 31,50");
    expect(proposed).toEqual([expect.stringContaining("Emre Aydin"), expect.stringContaining("Jana Novak")]);
  });

  it.each([
    "Emre 20 please. off savings, not my own account",
    "20 to Emre. from savings, and not out of my own pocket",
    "20 Euro an Emre bitte. vom Sparkonto, nicht vom eigenen Konto",
  ])("makes one order of two sentences that tell of one: %s", async (text) => {
    expect((await ask(text)).proposed).toEqual([expect.stringMatching(/20[.,]00.*Savings.*Emre Aydin$/u)]);
  });

  it("hears a request behind an insult", async () => {
    expect((await ask("you useless heap of scrap: how much is on my savings account?")).called).toEqual([
      "get_balance",
    ]);
  });

  it("never leaves a condition out that nothing measures", async () => {
    const { proposed } = await ask("as soon as my wages are there, send 20 euros to Emre");
    expect(proposed).toEqual([]);
  });

  it("says nothing of orders besides the orders: they were understood", async () => {
    const talk = await anna();
    for (const text of ["send 25 euros to Jana", "send 25 euros to Jana, 30 to Emre"]) {
      const { reply, further = [], steps } = await talk.say(text);
      expect([reply, ...further].map(({ proposal }) => proposal?.summary)).not.toContain(undefined);
      expect(steps.flatMap(({ act }) => act ?? [])).toEqual([]);
    }
  });

  it("puts at most five orders forward, and says how many are left out", async () => {
    const { proposed, text } = await ask(
      "send 1 to Emre, 2 to Jana, 3 to Emre, 4 to Jana, 5 to Emre, 6 to Jana and 7 to Emre",
    );
    expect([0, 5]).toContain(proposed.length);
    if (proposed.length === 5) expect(text).toContain("2 more were not prepared");
  });

  it("waits with what depends on an order until that is confirmed", async () => {
    const { proposed, text } = await ask("add Max Muster DE89 3704 0044 0532 0130 00 as a payee and send him 10 euros");
    expect(proposed).toHaveLength(1);
    expect(text).toContain("Once that is confirmed I go on with: “send Max Muster 10 euros”");
  });
});
