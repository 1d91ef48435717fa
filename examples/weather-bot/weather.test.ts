import { afterAll, beforeAll, expect, it } from "vitest";
import { web } from "../../adapters/web/index.ts";
import { crew } from "../../agents/index.ts";
import { startBot, type TestBot } from "../../cli/testing/index.ts";
import type { Reply } from "../../core/reply.ts";
import type { Alerts } from "./alerts.ts";
import { weather } from "./weather.ts";

const alerts: Alerts = new Map();
let bot: TestBot;

beforeAll(async () => {
  bot = await startBot({
    bots: {
      weather: { name: "Weather Desk", accounts: [web()], crew: crew({ model: "offline" }), tools: [weather(alerts)] },
    },
  });
}, 60_000);
afterAll(async () => await bot.close());

let people = 0;

/** A conversation of somebody new: what is answered to each of the messages. */
async function talk(...texts: readonly string[]): Promise<readonly (Reply | undefined)[]> {
  const person = bot.person(`person-${(people += 1)}`);
  const answers: (Reply | undefined)[] = [];
  for (const text of texts) answers.push((await person.say(text)).replies[0]);
  return answers;
}

it("asks for the place, and goes on with the day", { timeout: 120_000 }, async () => {
  const [asked, told, next] = await talk("do I need an umbrella tomorrow", "Lerwick", "no, in Stromness");
  expect(asked?.text).toBe("For which place?");
  expect(told?.text).toContain("Lerwick");
  expect(next?.text).toContain("Stromness");
});

it("is asked in words that no example has, and for several places at once", { timeout: 120_000 }, async () => {
  const [asked, told] = await talk("could someone find out whether it snows on Friday", "Lerwick");
  expect(asked?.text).toBe("For which place?");
  expect(told?.text).toContain("Lerwick");
  const [both] = await talk("the forecast for Lerwick and Stromness please");
  expect(both?.text).toMatch(/Lerwick.*Stromness/su);
});

it("speaks German to those who do", { timeout: 120_000 }, async () => {
  const [told] = await talk("Wie wird das Wetter in Emden?");
  expect(told?.text).toContain("Emden");
  expect(told?.text).toMatch(/Wind bis \d+ km\/h/u);
});

it("sets an alert once it is confirmed, by a yes as well", { timeout: 120_000 }, async () => {
  const [shown, done] = await talk("warn me about frost in Lerwick", "yes please");
  expect(shown?.proposal?.summary).toBe("Set a frost alert for Lerwick");
  expect(done?.text).toContain("Set a frost alert for Lerwick");
  expect([...alerts.values()]).toMatchObject([{ city: "Lerwick", kind: "frost" }]);
});
