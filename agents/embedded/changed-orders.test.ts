/** What is said about transfers that wait, with the sample bank and no model. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bank } from "../../tools/banking/index.ts";
import { crewBench } from "../../test/support/crew-bench.ts";

let bench: Awaited<ReturnType<typeof crewBench>>;
beforeAll(async () => {
  bench = await crewBench({ packs: [bank()] });
});
afterAll(async () => await bench.close());

let people = 0;
/** What is proposed to the last of these words. */
async function proposedTo(...texts: readonly string[]): Promise<readonly string[]> {
  const talk = bench.talk(`anna-${(people += 1)}`);
  await talk.say("my link code is ANNA-7K42");
  let proposed: readonly string[] = [];
  for (const text of texts) {
    const { reply, further = [] } = await talk.say(text);
    proposed = [reply, ...further].flatMap(({ proposal }) => (proposal === undefined ? [] : [proposal.summary]));
  }
  return proposed;
}

describe("the way between two accounts", () => {
  const english = "Move 100 euros from my savings to everyday";
  const german = "100 Euro vom Sparkonto aufs Girokonto";
  it.each([
    [english, "no, from everyday to savings", "100"],
    [english, "make it from everyday to savings", "100"],
    [english, "rather 250 and from everyday to savings", "250"],
    [english, "change it to 80 from everyday to savings please", "80"],
    [english, "the other way round, and 250", "250"],
    [german, "nein, vom Girokonto aufs Sparkonto", "100"],
    [german, "ne lieber 250 und von meinem girokonto aufs sparkonto", "250"],
    [german, "nein, vom Girokonto aufs Sparkonto, und zwar 250", "250"],
  ])("is put right, with the sum: %s / %s", async (order, change, sum) => {
    const [summary, ...others] = await proposedTo(order, change);
    expect(summary).toMatch(new RegExp(`${sum}[.,]00.*(?:from|von) Everyday.*Savings`, "u"));
    expect(others).toEqual([]);
  });
});

describe("one of two transfers", () => {
  it.each([
    ["Send Emre 20 and Jana 10", "make the first one 25", /25.*Emre/u],
    ["Send Emre 20 and Jana 10", "actually 15 for the first one, from savings", /15.*Savings.*Emre/u],
    ["Send Emre 20 and Jana 10", "make the second one 12", /12.*Jana/u],
    ["Überweise Emre 20 und Jana 10", "mach die erste auf 25", /25.*Emre/u],
    ["Überweise Emre 20 und Jana 10", "mach die zweite bitte auf 12", /12.*Jana/u],
  ])("is changed by its place: %s / %s", async (order, change, expected) => {
    expect(await proposedTo(order, change)).toEqual([expect.stringMatching(expected)]);
  });
});
