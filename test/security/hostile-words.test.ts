/** Words that people and documents bring, on every page that shows them, in a real browser: none of them becomes code. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { launchChromium } from "../support/chromium.ts";
import { draft, startWebChat } from "../support/web-chat.ts";
import { documentIds } from "../../tools/rag/document.ts";
import { type Installation, startInstallation } from "./installation.ts";

/** Each would run, load or cover something where it is taken for markup. */
const ATTACKS = [
  '<img src=x onerror="window.pwned=1">',
  '"><svg onload=window.pwned=2>',
  "</script><script>window.pwned=3</script>",
  "' onmouseover='window.pwned=4' autofocus onfocus='window.pwned=4",
  "[press](javascript:window.pwned=5)",
  "[press](JaVa&#115;cript:window.pwned=6)",
  "![x](http://evil.test/pixel.png)",
  "<javascript:window.pwned=7>",
  '<iframe srcdoc="<script>parent.pwned=8</script>"></iframe>',
  '<form id="source"><input name="attributes"></form>',
  "<base href=http://evil.test/>",
  "<style>*{display:none}</style>",
  "</textarea></title></style><svg/onload=window.pwned=9>",
  "<math><mtext><table><mglyph><style><img src=x onerror=window.pwned=10>",
  "{{constructor.constructor('window.pwned=11')()}}",
  "[x]: data:text/html,<script>window.pwned=12</script>\n[press][x]",
] as const;
const [SHORT] = ATTACKS;
const ALL = ATTACKS.join("\n\n");

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => await browser.close());

/** Everything that an attack leaves behind. */
interface Watch {
  readonly page: Page;
  readonly outside: readonly string[];
}

async function open(url: string): Promise<Watch> {
  const context = await browser.newContext();
  onTestFinished(async () => await context.close());
  const page = await context.newPage();
  const outside: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !/^(?:data|blob):/u.test(request.url())) outside.push(request.url());
  });
  page.on("dialog", (dialog) => {
    outside.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.addInitScript(`window.seen = []; document.addEventListener("securitypolicyviolation",
    ({ violatedDirective, blockedURI }) => window.seen.push(violatedDirective + " " + blockedURI));`);
  return { page, outside };
}

/** What the attacks would be as markup. */
const MARKUP = [
  'img[src="x"], svg[onload], [onerror], [onload], [onfocus], [onmouseover], iframe, base, form#source, mglyph',
  'a[href^="javascript:" i], a[href^="data:" i], img[src*="evil.test"]',
].join(", ");
const Left = z.object({ pwned: z.unknown().optional(), seen: z.array(z.string()), markup: z.array(z.string()) });

/** Nothing ran, nothing was asked of others, nothing even had to be stopped by the policy, and no markup came of it. */
async function expectHarmless({ page, outside }: Watch): Promise<void> {
  // Scalar asks whether it may compile; it may not, and goes on without.
  const left = await page.evaluate(`({
    pwned: window.pwned,
    seen: window.seen.filter((one) => location.pathname !== "/docs" || one !== "script-src eval"),
    markup: [...document.querySelectorAll(${JSON.stringify(MARKUP)})].map(({ outerHTML }) => outerHTML),
  })`);
  expect({ ...Left.parse(left), outside }).toEqual({ pwned: undefined, seen: [], markup: [], outside: [] });
}

describe("the chat page shows as words", () => {
  it("what a person says, and everything that a reply can carry", async () => {
    const chat = await startWebChat({
      botName: SHORT,
      settings: { title: '"><svg onload=window.pwned=2>', greeting: ALL.slice(0, 900), suggestions: [SHORT] },
      answer: async (_event, emit) => {
        emit({ type: "status", text: ALL });
        emit({ type: "delta", offset: 0, text: ALL });
        return [hostileReply(), { ...hostileReply(), proposal: hostileProposal(), choices: [] }];
      },
    });
    onTestFinished(chat.close);
    const watch = await open(chat.url());
    const { page } = watch;
    await page.goto(chat.url());
    await page.getByText("Online", { exact: true }).waitFor();
    await expectHarmless(watch);
    await page.getByLabel("Your message").fill(ALL);
    await page.keyboard.press("Enter");
    // It did arrive: as the words that it is.
    await page.getByRole("button", { name: SHORT }).first().waitFor();
    await page.getByRole("list", { name: "Sources" }).first().getByRole("button").first().click();
    await expect.poll(async () => await page.locator("#source-quote").textContent()).toContain(SHORT);
    expect(await page.locator("#source-link").getAttribute("href")).toBeNull();
    await expectHarmless(watch);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: SHORT }).last().click();
    await page.reload();
    await page.getByRole("list", { name: "Sources" }).first().waitFor();
    await expectHarmless(watch);
  });

  it("the name of a file that is attached", async () => {
    const chat = await startWebChat();
    onTestFinished(chat.close);
    const watch = await open(chat.url());
    const { page } = watch;
    await page.goto(chat.url());
    await page.getByText("Online", { exact: true }).waitFor();
    const name = '<img src=x onerror="window.pwned=1">.html';
    await page.setInputFiles("input[type=file]", {
      name,
      mimeType: "text/html",
      buffer: Buffer.from("<script>window.pwned=1</script>"),
    });
    await page.getByText("<img src=x").first().waitFor();
    await expectHarmless(watch);
  });
});

function hostileReply() {
  const facts = [{ label: SHORT, value: ALL, tone: "good" as const }];
  return draft(ALL, {
    cards: [{ id: SHORT, title: SHORT, number: 1, facts, text: ALL, isAdvice: true }],
    choices: [{ id: "one", label: SHORT, value: ALL }],
    files: [{ name: SHORT, mediaType: "text/html", alt: ALL, spoolKey: "0".repeat(64) }],
    sources: [
      { title: SHORT, location: ALL, url: "javascript:window.pwned=13", quote: ALL },
      { title: SHORT, location: SHORT, url: "data:text/html,<script>parent.pwned=14</script>", quote: ALL },
    ],
    disclaimers: [ALL],
  });
}

const hostileProposal = () => ({
  id: "proposal-1",
  summary: ALL,
  facts: [{ label: SHORT, value: ALL, isMain: true }],
  code: SHORT,
  expiresAt: new Date(Date.now() + 600_000).toISOString(),
});

describe("the other pages", () => {
  let installation: Installation;
  beforeAll(async () => {
    const documents = mkdtempSync(join(tmpdir(), "parley-hostile-"));
    const head = `---\ntitle: ${SHORT}\nupdated: "><svg onload=window.pwned=2>\nurl: javascript:window.pwned=15\n---\n`;
    writeFileSync(
      join(documents, "<img src=x onerror=window.pwned=16>.md"),
      `${head}# ${SHORT}\n\n## ${SHORT}\n\n${ALL}\n`,
    );
    writeFileSync(join(documents, FILES[1]), ALL);
    installation = await startInstallation({ documents, botName: SHORT, isDirect: true });
  });
  afterAll(async () => await installation.close());

  it("show documents, whatever stands in them and what they are called", async () => {
    const { url, call } = installation;
    for (const id of await readDocuments(installation)) {
      const watch = await open(url);
      const response = await watch.page.goto(`${url}${pageOf(id)}?quote=${encodeURIComponent(SHORT)}`);
      expect(response?.status()).toBe(200);
      expect(await watch.page.locator("main").textContent()).toContain("<img src=x");
      await expectHarmless(watch);
    }
    expect((await call("/documents/harbour/none")).status).toBe(404);
  });

  it.each(["/account/password", "/account/first-owner", "/docs", "/"])(
    "%s: what stands in the address and is typed",
    async (path) => {
      const { url } = installation;
      const watch = await open(url);
      const { page } = watch;
      await page.goto(`${url}${path}?x=${encodeURIComponent(ALL)}#${encodeURIComponent(ALL)}`);
      await page.goto(`${url}${path}#${ALL.replaceAll("\n", " ")}`);
      await expectHarmless(watch);
      if (!path.startsWith("/account/")) return;
      for (const input of await page.locator("input").all()) await input.fill(SHORT);
      await page.getByRole("button").click();
      await expect.poll(async () => await page.locator("output").textContent()).not.toBe("");
      await expectHarmless(watch);
    },
  );

  it.each([
    "/documents/harbour/",
    "/nothing/",
    "/account/",
    "/assets/1/",
    "/docs/assets/1/",
    "/api/v1/chat/messages/",
    "/api/v1/chat/history?sessionId=",
    "/api/v1/auth/openid?returnTo=",
    "/api/v1/auth/openid/callback?state=1&error=",
    "/api/v1/recommendations/similar-products/",
  ])("%s… that is refused repeats nothing as markup", async (path) => {
    const { url, call } = installation;
    for (const attack of ATTACKS) {
      const { headers } = await call(`${path}${encodeURIComponent(attack)}`);
      expect(headers["content-type"]).toMatch(/^application\/problem\+json|^application\/json/u);
      expect(headers["x-content-type-options"]).toBe("nosniff");
    }
    const watch = await open(url);
    await watch.page.goto(`${url}${path}${encodeURIComponent(SHORT)}`);
    await expectHarmless(watch);
  });

  it("an answer of the interface that holds them is no page", async () => {
    const { url, chatOf, call } = installation;
    const { sessionId } = (await chatOf(undefined, ALL)) ?? expect.fail("no chat");
    const history = `/api/v1/chat/history?sessionId=${sessionId}`;
    await expect.poll(async () => JSON.stringify((await call(history)).body)).toContain("pwned=1");
    const watch = await open(url);
    await watch.page.goto(`${url}${history}`);
    expect(await watch.page.content()).toContain("pwned=1");
    await expectHarmless(watch);
  });
});

const FILES = ["<img src=x onerror=window.pwned=16>.md", "plain.txt"] as const;
const pageOf = (id: string): string => `/documents/harbour/${encodeURIComponent(id)}`;

/** The documents, once the bot has read them, by what their pages are called. */
async function readDocuments({ call }: Installation): Promise<readonly string[]> {
  const pages = FILES.flatMap((path) => documentIds(path)[0]);
  // Read in the background.
  for (const id of pages) await expect.poll(async () => (await call(pageOf(id))).status).toBe(200);
  return pages;
}
