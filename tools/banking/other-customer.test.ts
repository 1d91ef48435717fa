/** One chat, two customers one after the other: nothing of the first goes on with the second. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { web } from "../../adapters/web/index.ts";
import { crew } from "../../agents/crew.ts";
import { startBot, type TestBot, type TestPerson } from "../../cli/testing/index.ts";
import { bank } from "./index.ts";

let bot: TestBot;
let person: TestPerson;
beforeEach(async () => {
  bot = await startBot({
    bots: { harbour: { name: "Harbour", accounts: [web()], crew: crew({ model: "offline" }), tools: [bank()] } },
  });
  person = bot.person();
  await person.say("link ANNA-7K42");
});
afterEach(async () => {
  await bot.close();
});

const proposals = async (words: string) => (await person.say(words)).proposed;
const answer = async (words: string): Promise<string> => (await person.say(words)).text;

describe("a request that stands", () => {
  it("ends with the link: the answer to its question is no order of the next customer's", async () => {
    await person.say("Send 3 euros");
    expect(await answer("unlink this chat")).not.toContain("€3.00");
    await person.say("link MARE-4T9W");
    expect(await proposals("Jana")).toEqual([]);
  });

  it("ends where the link was cut after a confirmation", async () => {
    await person.say("Send 3 euros");
    await person.say("I changed phones, take my bank account off this chat");
    await person.press("confirm");
    await person.say("link MARE-4T9W");
    expect(await proposals("Jana Novak")).toEqual([]);
  });

  it("is void where it waited to be confirmed, and is not spoken of to the next customer", async () => {
    expect(await proposals("Send 3 euros to Jana")).toHaveLength(1);
    await person.say("unlink this chat");
    expect(await answer("link MARE-4T9W")).not.toMatch(/Jana|3\.00/u);
    expect(await answer("what is my balance?")).not.toMatch(/Jana|3\.00/u);
    expect(await answer("yes")).not.toMatch(/Jana|3\.00/u);
  });

  it("stays where nothing was linked or cut", async () => {
    await person.say("Send 3 euros");
    await person.say("what is my balance?");
    expect(await proposals("to Jana")).toHaveLength(1);
  });
});
