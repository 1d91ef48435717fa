/** Orders for several people of whom one is unknown, with the sample bank and no model. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { bank } from "../../tools/banking/index.ts";
import { crewBench } from "../../test/support/crew-bench.ts";

let bench: Awaited<ReturnType<typeof crewBench>>;
beforeAll(async () => {
  bench = await crewBench({ packs: [bank()] });
});
afterAll(async () => await bench.close());

it.each([
  ["pay Otto 12 euros and Jana 3 euros", /Otto.*12[.,]00/u],
  ["Pay Jana 3 euros and Otto 12 euros", /Otto.*12[.,]00/u],
  ["send 12 to Otto and 3 to Jana", /Otto.*12[.,]00/u],
  ["Zahl Otto 12 Euro und Jana 3", /Otto.*12[.,]00/u],
  ["Überweise Otto 12 Euro und Jana 3 Euro", /Otto.*12[.,]00/u],
])("asks for the one nobody knows, and gives the sum to nobody else: %s", async (text, asked) => {
  const talk = bench.talk(`anna-${text.length}-${text[0] ?? ""}`);
  await talk.say("my link code is ANNA-7K42");
  const { reply, further = [] } = await talk.say(text);
  const replies = [reply, ...further];
  const proposed = replies.flatMap(({ proposal }) => (proposal === undefined ? [] : [proposal.summary]));
  expect(proposed).toEqual([expect.stringMatching(/\b3[.,]00.*Jana Novak/u)]);
  expect(replies.some((one) => asked.test(one.text))).toBe(true);
});

it.each(["Schick 12 an Otto und 3 an Jana", "Überweise Jana 3 Euro und 12 Euro an Otto"])(
  "proposes nothing that was not ordered: %s",
  async (text) => {
    const talk = bench.talk(`anna-none-${text.length}`);
    await talk.say("my link code is ANNA-7K42");
    const { reply, further = [] } = await talk.say(text);
    const proposed = [reply, ...further].flatMap(({ proposal }) => (proposal === undefined ? [] : [proposal.summary]));
    expect(proposed.filter((one) => !/\b3[.,]00.*Jana Novak/u.test(one))).toEqual([]);
  },
);
