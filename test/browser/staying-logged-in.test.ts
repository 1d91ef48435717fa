/** The chat page of somebody who is logged in: past the end of an access token, and past the end of the login. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { SESSION_COOKIE } from "../../gateway/identity/identities.ts";
import { identityRoutes } from "../../gateway/identity/index.ts";
import { launchChromium } from "../support/chromium.ts";
import { addUser, PASSWORD, testIdentity } from "../support/test-identity.ts";
import { placeAt } from "../support/test-place.ts";
import { startWebChat, type WebChat } from "../support/web-chat.ts";

const MINUTE_MS = 60_000;

let browser: Browser;
let folder: string;
let accounts: Awaited<ReturnType<typeof testIdentity>>;
let userId: string;
let chat: WebChat;
let context: BrowserContext;
let page: Page;
const faults: string[] = [];

beforeAll(async () => {
  browser = await launchChromium();
}, 120_000);
afterAll(async () => await browser.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-staying-"));
  accounts = await testIdentity(placeAt(folder), folder);
  const { identity, clock } = accounts;
  userId = await addUser(identity, "jana", "owner");
  const routes = identityRoutes({ identity, clock: () => clock.now, bots: () => ["harbour"], origin: undefined });
  chat = await startWebChat({ gateway: { identities: identity.identities }, routes });
  context = await browser.newContext({ viewport: { width: 390, height: 780 } });
  await context.clock.install({ time: clock.now });
  page = await context.newPage();
  faults.length = 0;
  page.on("pageerror", ({ message }) => faults.push(message));
  await page.goto(`${chat.url()}/account/login`);
  await logIn();
  await say("I have 3 apples");
});
afterEach(async () => {
  await context.close();
  await chat.close();
  await accounts.close();
  await rm(folder, { recursive: true, force: true });
  if (faults.length > 0) throw new Error(`The page failed: ${faults.join("; ")}`);
});

async function logIn(): Promise<void> {
  await page.getByLabel("Login").fill("jana");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Log in", exact: true }).click();
  await online();
}
const online = async (): Promise<void> => await page.getByText("Online", { exact: true }).waitFor();
const answered = async (text: string): Promise<void> => await page.getByText(`You said: ${text}`).waitFor();
async function say(text: string): Promise<void> {
  await page.getByLabel("Your message").fill(text);
  await page.keyboard.press("Enter");
  await answered(text);
}
const speakers = (): unknown[] => chat.events.map(({ user }) => user.id);
/** Nothing is done in the page meanwhile, as when the machine sleeps; a cookie whose time is over is gone. */
async function sleep(minutes: number): Promise<void> {
  accounts.clock.now += minutes * MINUTE_MS;
  await context.clock.setSystemTime(accounts.clock.now);
  await context.clearCookies({ name: SESSION_COOKIE });
}
const dialog = () => page.getByRole("dialog", { name: "Your login has ended" });

it("renews the login before it ends while the page is open", { timeout: 60_000 }, async () => {
  const refreshed = page.waitForResponse(`${chat.url()}/api/v1/auth/refresh`);
  accounts.clock.now += 14 * MINUTE_MS;
  await context.clock.fastForward(14 * MINUTE_MS);
  expect((await refreshed).status()).toBe(200);
  accounts.clock.now += 10 * MINUTE_MS;
  await context.clock.fastForward(10 * MINUTE_MS);
  await page.reload();
  await online();
  await answered("I have 3 apples");
});

it("goes on in the same chat when it is opened again after fifteen minutes", { timeout: 60_000 }, async () => {
  await sleep(20);
  await page.reload();
  await online();
  await answered("I have 3 apples");
  await say("and 4 pears");
  expect(speakers()).toEqual([userId, userId]);
});

it("goes on in the same chat when the connection was lost meanwhile", { timeout: 60_000 }, async () => {
  await chat.stop();
  await sleep(20);
  await chat.start();
  await context.clock.fastForward(MINUTE_MS);
  await online();
  await say("and 4 pears");
  expect(speakers()).toEqual([userId, userId]);
});

it("says that the login has ended, and goes on after the next one", { timeout: 60_000 }, async () => {
  await sleep(8 * 24 * 60);
  await page.reload();
  await dialog().waitFor();
  // Neither Escape nor opening the page anew makes a guest of it.
  await page.keyboard.press("Escape");
  await page.reload();
  await dialog().waitFor();
  await page.getByRole("link", { name: "Log in" }).click();
  await logIn();
  await answered("I have 3 apples");
  expect(speakers()).toEqual([userId]);
});

it("says so as well where somebody else ended it, at once and in an open page", { timeout: 60_000 }, async () => {
  await accounts.identity.sessions.endAll(userId, "revoked");
  await chat.stop();
  await chat.start();
  await context.clock.fastForward(MINUTE_MS);
  await dialog().waitFor();
  await page.getByText("Not logged in").waitFor();
});

it("makes a guest only of who wants it: with a chat of its own", { timeout: 60_000 }, async () => {
  await accounts.identity.sessions.endAll(userId, "revoked");
  await sleep(20);
  await page.reload();
  await page.getByRole("button", { name: "Go on as a guest" }).click();
  await online();
  await say("hello");
  expect(await page.getByText("I have 3 apples").count()).toBe(0);
  expect(speakers()).toEqual([userId, expect.stringMatching(/^guest-/u)]);
});
