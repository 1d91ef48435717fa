/** A bot without a key and with tools of its own: a newcomer's order and price list, in whole conversations. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { web } from "../../adapters/web/index.ts";
import { startBot, type TestBot } from "../../cli/testing/index.ts";
import { defineTool } from "../../core/define-tool.ts";
import type { Reply } from "../../core/reply.ts";
import { crew } from "../crew.ts";

const kind = z.enum(["green", "black", "mint"]);
const english = { green: ["green", "sencha"], black: ["black", "assam"], mint: ["mint", "peppermint"] };
const german = { green: ["Grüntee", "grün"], black: ["Schwarztee", "schwarz"], mint: ["Minztee", "Minze"] };

const order = defineTool({
  name: "order_tea",
  description: "Orders cups of tea to the person's table.",
  input: z.strictObject({ kind, count: z.number().int().min(1).max(9), day: z.iso.date().optional() }),
  slots: { kind: { entity: "choice" }, count: { entity: "number" }, day: { entity: "date" } },
  language: {
    en: {
      title: "order tea",
      sample: "Order two cups of green tea",
      asks: [
        "order {count} {kind} teas",
        "I want a tea",
        "I'd like {count} cups of {kind} tea",
        "bring me {count} {kind}",
        "tea please",
        "can I get a {kind} tea {day}",
        "{count} times {kind} please",
        "we are thirsty, {count} {kind} teas",
        "order a tea for {day}",
      ],
      slots: {
        kind: { ask: "Which one: green, black or mint?", names: english },
        count: { ask: "How many cups of {kind}?" },
      },
    },
    de: {
      title: "Tee bestellen",
      sample: "Bestell zwei Minztee",
      asks: [
        "bestell {count} {kind}",
        "ich hätte gern einen Tee",
        "{count} mal {kind} bitte",
        "bring mir {count} {kind}",
        "ich möchte {count} Tassen {kind}",
        "kann ich {day} einen {kind} bekommen",
        "Tee bitte",
      ],
      slots: {
        kind: { ask: "Welchen: Grüntee, Schwarztee oder Minztee?", names: german },
        count: { ask: "Wie viele Tassen {kind}?" },
      },
    },
  },
  risk: "low",
  confirmation: "always",
  scopes: ["private"],
  depends: "user",
  propose: async (input) => ({ summary: [input.count, input.kind, input.day].filter(Boolean).join(" ") }),
  execute: async () => ({ value: {} }),
});

const price = defineTool({
  name: "price_of_tea",
  description: "Tells what a tea costs.",
  input: z.strictObject({ kind }),
  language: {
    en: {
      title: "tell prices",
      asks: ["how much is a {kind} tea", "price of {kind}", "what does {kind} cost", "what do you charge for {kind}"],
      slots: { kind: { ask: "Of which tea?", names: english } },
      says: ["A {kind} tea is {price} euros."],
    },
    de: {
      title: "Preise sagen",
      asks: ["was kostet {kind}", "wie teuer ist {kind}", "Preis von {kind}"],
      slots: { kind: { ask: "Von welchem Tee?", names: german } },
      says: ["{kind} kostet {price} Euro."],
    },
  },
  risk: "low",
  confirmation: "never",
  scopes: ["public"],
  depends: "public",
  execute: async (input) => ({ value: { kind: input.kind, price: input.kind === "green" ? 4 : 3 } }),
});

let bot: TestBot;
beforeAll(async () => {
  const tools = { name: "teahouse", summary: {}, open: async () => ({ tools: [order, price], close: async () => {} }) };
  bot = await startBot({
    bots: { tea: { name: "Tea House", accounts: [web()], crew: crew({ model: "offline" }), tools: [tools] } },
  });
}, 120_000);
afterAll(async () => await bot.close());

let people = 0;

/** A conversation of somebody new: what is answered to each of the messages. */
async function talk(...texts: readonly string[]): Promise<readonly (readonly Reply[])[]> {
  const person = bot.person(`person-${(people += 1)}`);
  const answers: (readonly Reply[])[] = [];
  for (const text of texts) answers.push((await person.say(text)).replies);
  return answers;
}

const proposed = (replies: readonly Reply[] = []): readonly (string | undefined)[] =>
  replies.flatMap(({ proposal }) => (proposal === undefined ? [] : [proposal.summary]));

it("takes another choice for what waits", { timeout: 120_000 }, async () => {
  const [first, second] = await talk("order two black teas", "no, mint");
  expect(proposed(first)).toEqual(["2 black"]);
  expect(proposed(second)).toEqual(["2 mint"]);
});

it("takes another number for what waits, in the language of the words", { timeout: 120_000 }, async () => {
  const [, , third] = await talk("hello", "bestell 4 Grüntee für den 3. Juli 2090", "doch lieber 5");
  expect(proposed(third)).toEqual(["5 green 2090-07-03"]);
});

it("says how much a field takes, and leaves what waits as it is", { timeout: 120_000 }, async () => {
  const [, second, third] = await talk("order two black teas", "order 12 green teas", "9");
  expect(second?.map(({ text }) => text).join()).toMatch(
    /“12”.*at most 9.*How many cups of green\?.*Still waiting.*2 black/su,
  );
  expect(proposed(third)).toEqual(["9 green"]);
});

it("makes several requests of several quantities", { timeout: 120_000 }, async () => {
  const [both] = await talk("bestell 2 Minztee und 3 Grüntee");
  expect(proposed(both)).toEqual(["2 mint", "3 green"]);
  const [one] = await talk("order 2 mint teas and green ones");
  expect(proposed(one)).toEqual(["2 mint"]);
  expect(one?.map(({ text }) => text).join("\n")).toContain("How many cups of green?");
});

it("asks the same again with another value", { timeout: 120_000 }, async () => {
  const [, second, third] = await talk("how much is a green tea?", "and mint?", "order one of these");
  expect(second?.[0]?.text).toBe("A mint tea is 3 euros.");
  expect(proposed(third)).toEqual([]);
});

it("keeps what is to be remembered in whole words, and answers a question for it", { timeout: 120_000 }, async () => {
  const [kept, told] = await talk("merk dir, dass mein Rad im Keller steht", "Wo steht mein Rad?");
  expect(kept?.[0]?.text).toMatch(/: dass mein Rad im Keller steht\.$/u);
  expect(told?.[0]?.text).toMatch(/dass mein Rad im Keller steht$/u);
  const [noted, other] = await talk("remember that I like short answers", "where is my umbrella?");
  expect(noted?.[0]?.text).toMatch(/: I like short answers\.$/u);
  expect(other?.[0]?.text).not.toContain("short answers");
});
