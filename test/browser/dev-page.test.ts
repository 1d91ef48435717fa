import { expect, it, onTestFinished } from "vitest";
import { localPlatformsFor, openLocalPlatforms, platformNames } from "../../cli/dev/local-platforms.ts";
import { openDevPage } from "../../cli/dev/page-server.ts";
import { startBot } from "../platforms/bot.ts";
import { launchChromium } from "../support/chromium.ts";

const platforms = localPlatformsFor([]);

it("shows what a person sees on each platform, and lets them press and break things", async () => {
  const desks = await openLocalPlatforms(["telegram", "slack"], platforms, () => []);
  const bot = await startBot(
    desks.map(({ platform }) => platform.account),
    { broker: "embedded" },
  );
  const health = (platform: string) =>
    bot.runtime.accounts.health().find(({ account }) => account.startsWith(`${platform}:`));
  const page = await openDevPage({ desks, port: 0, health });
  const browser = await launchChromium();
  onTestFinished(async () => {
    await browser.close();
    await page.close();
    await bot.close();
    for (const { platform } of desks) await platform.close();
  });
  const tab = await browser.newPage();
  const faults: string[] = [];
  tab.on("pageerror", ({ message }) => faults.push(message));
  tab.on("console", (line) => {
    if (line.type() === "error") faults.push(line.text());
  });
  await tab.goto(page.url);
  const telegram = tab.getByRole("region", { name: "Telegram" });
  const slack = tab.getByRole("region", { name: "Slack" });
  await telegram.waitFor();
  await tab.getByPlaceholder("Say it on every platform").fill("hello");
  await tab.keyboard.press("Enter");
  for (const column of [telegram, slack]) await column.getByText("I am an automated assistant.").first().waitFor();

  await telegram.getByText("Break it").click();
  await telegram.getByRole("button", { name: "429" }).click();
  await tab.getByText("The next send is answered with 429").waitFor();
  await telegram.getByLabel("Message on Telegram").fill("please raise the flag");
  await tab.keyboard.press("Enter");
  await telegram.getByRole("button", { name: "Confirm" }).last().click();
  await telegram.getByText("The flag is up").first().waitFor();
  expect(bot.flags()).toBe(1);
  expect(await slack.getByText("The flag is up").count()).toBe(0);
  expect(faults).toEqual([]);
});

it("names the platforms that run here where another is asked for", () => {
  expect(platformNames("none", platforms)).toEqual([]);
  expect(platformNames("slack, telegram", platforms)).toEqual(["slack", "telegram"]);
  expect(() => platformNames("pigeon", platforms)).toThrow(/telegram, slack/u);
});
