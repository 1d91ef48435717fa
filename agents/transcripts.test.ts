/** Golden conversations with the offline crew and the real tools: what people write, and what must come of it. */
import type { ReplyDraft } from "../core/reply.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bank } from "../tools/index.ts";
import { recommend } from "../tools/recommend/index.ts";
import { answersOf } from "./understanding/language.ts";
import { crewBench, type Answered, type Talk } from "../test/support/crew-bench.ts";

let bench: Awaited<ReturnType<typeof crewBench>>;
beforeAll(async () => {
  bench = await crewBench({ articles: "all", packs: [bank(), recommend()] });
  await bench.talk("warm-up").say("What does a replacement card cost?");
});
afterAll(async () => await bench.close());

const called = ({ calls }: Answered): readonly string[] =>
  calls.map(({ name, outcome }) => `${name}: ${outcome.status}`);

/** Every source quotes what the answer says, and every marker has its source. */
function expectCited({ reply }: Answered, figure: string): void {
  expect(reply.text).toContain(figure);
  const markers = Array.from(reply.text.matchAll(/\[(\d+)\]/gu), ([, number]) => Number(number));
  expect(new Set(markers)).toEqual(new Set((reply.sources ?? []).map((_source, index) => index + 1)));
  expect(reply.sources?.length).toBeGreaterThan(0);
  expect(reply.confidence).toBeGreaterThan(0.6);
}

async function linked(user: string, code = "ANNA-7K42"): Promise<Talk> {
  const talk = bench.talk(user);
  expect((await talk.say(`link ${code.toLowerCase()}`)).reply.text).toContain("now linked");
  return talk;
}

test("a newcomer asks around", async () => {
  const talk = bench.talk("newcomer");
  const hello = await talk.say("hi");
  expect(hello.reply.text).toContain("Harbour Assistant");
  expect(hello.reply.choices?.length).toBeGreaterThan(1);
  const help = await talk.say("what can you do?");
  expect(help.reply.text).toContain("send money");
  expectCited(await talk.say("How much does a replacement card cost?"), "€9.00");
  expectCited(await talk.say("How much is the Premium Account per month?"), "€14.90");
  const followed = await talk.say("and what about the Basic Account?");
  expectCited(followed, "€3.90");
  expect(followed.cacheable).toBe(false);
  const human = await talk.say("I want to talk to a human");
  expectCited(human, "+49 30 23125");
  expect((await talk.say("who won the world cup?")).reply).toMatchObject({ confidence: 0.3, sources: [] });
  expect((await talk.say("what's my balance?")).reply.text).toContain("link code");
  expect((await talk.say("link my account")).reply.text).toContain("ABCD-1234");
  expect(answersOf("en", "thanks")).toContain((await talk.say("ok thanks")).reply.text);
  expect((await talk.say("are you a robot?")).reply.text).toContain("program");
});

test("a customer does her banking", async () => {
  const anna = await linked("anna");
  const balance = await anna.say("what's my balance");
  expect(balance.reply.text).toContain("€1,835.81");
  expect(balance.reply.text).toContain("€19,260.14");
  expect(balance.cacheable).toBe(false);
  const last = await anna.say("show my last 3 transactions");
  expect(last.calls[0]?.input).toEqual({ answer: "list", limit: 3 });
  expect(last.reply.text.match(/^\| [^|]+ 2026 \|/gmu)).toHaveLength(3);
  const groceries = await anna.say("how much did I spend on groceries last month?");
  expect(groceries.calls[0]?.input).toMatchObject({
    answer: "total",
    category: "groceries",
    period: { from: "2026-10-01", to: "2026-10-31" },
  });
  expect((await anna.say("who are my payees?")).reply.text).toContain("Jana Novak");
  expect((await anna.say("send money to Emre")).reply.text).toBe("How much should Emre Aydin get?");
  const proposed = await anna.say("50 euros");
  expect(factsOf(proposed.reply)[0]).toBe("€50.00");
  expect(proposed.reply.text).not.toContain("Emre");
  expect((await anna.press("Confirm")).text).toContain("€1,785.81");
  const lunch = await anna.say("pay Jana 12.50 for lunch");
  expect(lunch.reply.proposal?.summary).toContain("lunch");
  expect((await anna.press("Cancel")).text).toContain("Nothing was done");
  expect((await anna.say("transfer 100 euros from savings to everyday")).reply.proposal?.summary).toContain(
    "from Savings",
  );
  expect((await anna.say("what's my balance")).reply.text).toContain("€1,785.81");
});

test("an order is asked for piece by piece, corrected, paused and taken back", async () => {
  const marek = await linked("marek", "MARE-4T9W");
  expect((await marek.say("I want to send money")).reply.text).toContain("Who should get");
  expect((await marek.say("Jana Novak")).reply.text).toBe("How much should Jana Novak get?");
  expect(called(await marek.say("what's my balance?"))).toEqual(["get_balance: done"]);
  expect(factsOf((await marek.say("25")).reply)[0]).toBe("€25.00");
  const unknown = await marek.say("send 20 euros to Bob");
  expect(called(unknown)).toEqual([]);
  expect(unknown.reply.text).toContain("do not know “Bob”");
  expect(factsOf((await marek.say("Ruth Petersen")).reply)[0]).toBe("€20.00");
  const doubtful = await marek.say("send 1.000 euros to Jana");
  expect(doubtful.reply.choices?.map(({ label }) => label)).toEqual(["€1.00", "€1,000.00"]);
  expect(factsOf(await marek.press("€1.00"))[0]).toBe("€1.00");
  expect((await marek.say("send 15 euros to Jana tomorrow")).reply.text).toContain("only right away");
  expect(factsOf((await marek.say("yes")).reply)[0]).toBe("€15.00");
  expect((await marek.say("send money to Jana")).reply.text).toContain("How much");
  expect((await marek.say("never mind")).reply.text).toContain("All right");
  expect((await marek.say("30 euros")).reply.proposal).toBeUndefined();
});

test("a payee is saved and paid", async () => {
  const thea = await linked("thea", "THEA-6Q3F");
  expect((await thea.say("add a payee")).reply.text).toContain("name of the new payee");
  expect((await thea.say("Maria Rossi")).reply.text).toBe("What is the IBAN of Maria Rossi?");
  expect((await thea.say("DE89 3704 0044 0532 0130 01")).reply.text).toContain("check digits");
  const saved = await thea.say("add Maria Rossi to my payees, IBAN DE89 3704 0044 0532 0130 00");
  expect(factsOf(saved.reply).join()).toContain("Maria Rossi");
  await thea.press("Confirm");
  expect(factsOf((await thea.say("send 5 euros to Maria")).reply)[1]).toContain("Maria Rossi");
  const iban = await thea.say("send 7 euros to DE02120300000000202051");
  expect(factsOf(iban.reply)[0]).toBe("€7.00");
  expect((await thea.say("unlink my account")).reply.text).toContain("no longer linked");
  expect(called(await thea.say("what's my balance?"))).toEqual(["get_balance: refused"]);
});

test("advice on products, with reasons, facts and comparisons", async () => {
  const talk = bench.talk("advice");
  const advised = await talk.say("which savings account suits me?");
  expect(advised.reply.cards?.length).toBeGreaterThan(0);
  expect(advised.reply.cards?.every(({ data }) => data?.["category"] === "savings")).toBe(true);
  const [first] = advised.reply.cards ?? [];
  expect((await talk.say("why do you recommend the first one?")).reply.text).toContain(first?.title);
  const compared = await talk.say("what's the difference between Harbour Saver and Harbour Saver Plus?");
  expectCited(compared, "1.75%");
  expect(compared.reply.text).toContain("| Harbour Saver | Harbour Saver Plus |");
  expectCited(await talk.say("tell me about the Harbour Technology Fund"), "8.3%");
  const safer = await talk.say("I want a safer investment");
  expect(safer.reply.cards?.every(({ data }) => data?.["riskLevel"] === "low")).toBe(true);
});

test("memory is told, recalled, forgotten, and keeps no secrets", async () => {
  const talk = bench.talk("memory");
  expect((await talk.say("my name is Anna")).remember).toEqual([{ key: "name", value: "Anna" }]);
  expect((await talk.say("remember that my favourite colour is green")).remember).toEqual([
    { key: "favourite colour", value: "green" },
  ]);
  expect((await talk.say("what's my name?")).reply.text).toContain("Anna");
  const all = (await talk.say("what do you know about me?")).reply.text;
  expect(all).toContain("Anna");
  expect(all).toContain("green");
  expect((await talk.say("hello")).reply.text).toMatch(/(?:Hello|Hi), Anna!/u);
  expect((await talk.say("remember that my PIN is 1234")).remember).toEqual([]);
  await talk.say("forget my favourite colour");
  expect(talk.memory().map(({ key }) => key)).toEqual(["name"]);
  const forgotten = await talk.say("forget me");
  expect(forgotten.reply.text).toContain("/reset");
  expect(talk.memory()).toEqual([]);
  expect((await talk.say("what's my name?")).reply.text).toContain("not told me");
});

test("in a group, accounts stay private and nothing is put together from what others said", async () => {
  const group = bench.talk("anna", { chatType: "group", userName: "Anna" });
  const balance = await group.say("what's my balance?");
  expect(called(balance)).toEqual(["get_balance: refused"]);
  expect(balance.reply.text).toMatch(/direct/u);
  expect(balance.reply.text).not.toMatch(/€/u);
  expect((await group.say("send money to Emre")).reply.proposal).toBeUndefined();
  expect((await group.say("50 euros")).reply.proposal).toBeUndefined();
  expect((await group.say("link ANNA-7K42")).reply.text).toMatch(/direct/u);
  expect((await group.say("what can you do?")).reply.text).not.toContain("balance");
  expectCited(await group.say("How much is the Premium Account per month?"), "€14.90");
});

describe("answers for everybody", () => {
  test("are cacheable only where nothing of the person was used", async () => {
    const cacheable = async (text: string): Promise<boolean> => (await bench.talk(`cache-${text}`).say(text)).cacheable;
    expect(await cacheable("How long does a replacement card take?")).toBe(true);
    // A tool was asked for: whom it answers is its own business.
    expect(await cacheable("How much is the Premium Account per month?")).toBe(false);
    expect(await cacheable("What does it cost per month?")).toBe(false);
    expect(await cacheable("hi there friend")).toBe(false);
    expect(await cacheable("what's my balance?")).toBe(false);
    expect(await cacheable("who won the world cup?")).toBe(false);
  });

  test("are traced step by step", async () => {
    const { steps } = await bench.talk("trace").say("How much does a replacement card cost?");
    expect(steps.filter(({ kind }) => kind === "agent").map(({ name, outcome }) => `${name}: ${outcome}`)).toEqual([
      "orchestrator: intentAnalyzer",
      "intent-analyzer: documents",
      "orchestrator: toolSelector",
      "tool-selector: call",
      "orchestrator: toolSelector",
      "tool-selector: enough",
      "orchestrator: responseGenerator",
      "response-generator: done",
      "orchestrator: done",
    ]);
    expect(steps.some(({ kind }) => kind === "tool")).toBe(true);
    expect(JSON.stringify(steps.filter(({ kind }) => kind === "agent"))).not.toContain("replacement");
  });
});

/** What a proposal says besides its summary: how much, to whom. */
function factsOf({ proposal }: ReplyDraft): readonly string[] {
  return proposal?.facts?.map(({ value }) => value) ?? [];
}
