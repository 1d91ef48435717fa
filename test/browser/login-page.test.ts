/** The login page in a real browser: one factor, two, what goes wrong, and nothing that its policy forbids. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TOTP, URI } from "otpauth";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { launchChromium } from "../support/chromium.ts";
import { type IdentityServer, identityServer } from "../support/identity-server.ts";
import { addUser, PASSWORD } from "../support/test-identity.ts";
import { placeAt } from "../support/test-place.ts";

let browser: Browser;
let folder: string;
let server: IdentityServer;
let page: Page;
const faults: string[] = [];

beforeAll(async () => {
  browser = await launchChromium();
  folder = await mkdtemp(join(tmpdir(), "parley-login-page-"));
  server = await identityServer(placeAt(folder), folder);
}, 120_000);
afterAll(async () => {
  await browser.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await page?.context().close();
  const context = await browser.newContext({ viewport: { width: 375, height: 720 } });
  page = await context.newPage();
  faults.length = 0;
  page.on("pageerror", ({ message }) => faults.push(message));
  page.on("console", (message) => {
    // A refused call is told by the browser as well.
    if (message.type() === "error" && !/status of 4\d\d/u.test(message.text())) faults.push(message.text());
  });
});

const open = async (query = ""): Promise<void> => void (await page.goto(`${server.url}/account/login${query}`));
const logIn = async (login: string, password = PASSWORD): Promise<void> => {
  await page.fill("[name=login]", login);
  await page.fill("[name=password]", password);
  await page.click("#first button");
};
const told = async (words: RegExp): Promise<void> => {
  await page.locator("output").filter({ hasText: /./u }).waitFor();
  expect(await page.textContent("output")).toMatch(words);
};

it("is not there before anybody can log in", async () => {
  const answer = await server.call("/account/login");
  expect(answer).toMatchObject({ status: 404, body: { code: "identity/nobody-yet" } });
});

it("logs in with a password, and goes where it was called from", { timeout: 60_000 }, async () => {
  await addUser(server.identity, "ruth", "owner");
  await open("?returnTo=/api/v1/me");
  await logIn("ruth", "wrong");
  await told(/login|password/iu);
  await logIn("ruth");
  await page.waitForURL(`${server.url}/api/v1/me`);
  expect(await page.textContent("body")).toContain('"login":"ruth"');
  expect(await page.evaluate("document.cookie")).toMatch(/^__Host-parley_login=\d+$/u);
  expect(faults).toEqual([]);
});

it.each(["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)"])(
  "goes nowhere else for %s",
  { timeout: 60_000 },
  async (elsewhere) => {
    await open(`?returnTo=${encodeURIComponent(elsewhere)}`);
    await logIn("ruth");
    await page.waitForURL((url) => url.pathname === "/");
    expect(new URL(page.url()).origin).toBe(server.url);
  },
);

it("asks for the second factor, and takes a recovery code instead", { timeout: 60_000 }, async () => {
  const { totps } = server.identity;
  const id = await addUser(server.identity, "twice");
  const { uri } = await totps.enrol({ id, login: "twice" });
  const app = URI.parse(uri);
  if (!(app instanceof TOTP)) throw new Error("no TOTP");
  const at = (): string => app.generate({ timestamp: server.clock.now });
  const [recovery = ""] = await totps.confirm(id, at(), server.clock.now);
  await open("?returnTo=/api/v1/me");
  await logIn("twice");
  await page.waitForSelector("#second:not([hidden])");
  expect(await page.textContent("#asked")).toBe("Code of your authenticator app");
  await page.fill("[name=code]", "000000");
  await page.click("#second button");
  await told(/./u);
  server.clock.now += 60_000;
  await page.fill("[name=code]", at());
  await page.click("#second button");
  await page.waitForURL(`${server.url}/api/v1/me`);
  await open("?returnTo=/api/v1/me");
  await logIn("twice");
  await page.waitForSelector("#second:not([hidden])");
  await page.click("#recovery");
  await page.fill("[name=code]", recovery);
  await page.click("#second button");
  await page.waitForURL(`${server.url}/api/v1/me`);
  expect(faults).toEqual([]);
});

it("fits a phone, and asks nobody else for anything", { timeout: 60_000 }, async () => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).origin));
  await open();
  expect(new Set(asked)).toEqual(new Set([server.url]));
  expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
  // Where the installation has a domain there are passkeys, and no provider is configured here.
  expect([await page.isVisible("#passkey"), await page.$("#provider")]).toEqual([true, null]);
  const shots = process.env["SHOTS"];
  if (shots === undefined) return;
  for (const colorScheme of ["light", "dark"] as const)
    for (const [name, width] of [
      ["phone", 375],
      ["desktop", 1_280],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 720 });
      await page.screenshot({ path: join(shots, `${name}-${colorScheme}.png`) });
    }
});
