import { afterAll, beforeAll, expect, it } from "vitest";
import { web } from "../../adapters/web/index.ts";
import { startBot, type TestBot } from "../../cli/testing/index.ts";
import { deskCrew } from "./crew.ts";
import { lending } from "./lending.ts";

let bot: TestBot;
beforeAll(async () => {
  bot = await startBot({
    bots: { library: { name: "Library", accounts: [web()], crew: deskCrew(), tools: [lending()] } },
  });
});
afterAll(async () => await bot.close());

it("answers in its own words what it does not know", async () => {
  const { text } = await bot.person().say("hello");
  expect(text).toContain("find sea");
});

it("shows what a tool found as cards, by its command too", async () => {
  for (const text of ["find sea", "/books"]) {
    const { replies } = await bot.person().say(text);
    expect(replies[0]?.cards).toMatchObject([
      { title: "The Sea Around Us", facts: [{ label: "Shelf" }, { value: "2" }] },
    ]);
  }
});

it("does what must be confirmed only when its requester confirmed it", async () => {
  const person = bot.person("anna");
  const asked = await person.say("reserve The Waves");
  expect(asked.proposed).toMatchObject([
    { tool: "reserve_book", proposal: { summary: "Reserve “The Waves” for a week" } },
  ]);
  expect(asked.replies[0]?.choices?.map(({ label }) => label)).toEqual(["Confirm", "Cancel"]);
  expect(asked.executed).toEqual([]);
  const done = await person.press("Confirm");
  expect(done.executed).toMatchObject([{ tool: "reserve_book", input: { title: "The Waves" } }]);
  expect(done.text).toContain("Reserved: The Waves");
});

it("says why it cannot", async () => {
  const { text } = await bot.person().say("reserve Ulysses");
  expect(text).toContain('There is no book "Ulysses"');
});
