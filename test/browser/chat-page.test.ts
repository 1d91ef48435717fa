import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { HttpRoute } from "../../core/http.ts";
import { textOf } from "../../core/event.ts";
import { bankAnswers } from "../support/bank-answers.ts";
import { launchChromium } from "../support/chromium.ts";
import { draft, startWebChat, type WebChat, type WebChatOptions } from "../support/web-chat.ts";

let browser: Browser;
const visits: { readonly chat: WebChat; readonly page: Page }[] = [];

beforeAll(async () => {
  browser = await launchChromium();
});
afterEach(async () => {
  for (const { chat, page } of visits.splice(0)) {
    await page.context().close();
    await chat.close();
  }
});
afterAll(async () => await browser.close());

const documentPage: HttpRoute = {
  method: "GET",
  path: "/documents/harbour/:id",
  summary: "A source document",
  hidden: true,
  permission: "documents:read",
  handle: async () =>
    new Response("<h1 id=replacement>Debit cards</h1>", { headers: { "content-type": "text/html; charset=utf-8" } }),
};

async function visit(options: WebChatOptions = {}, view: BrowserContextOptions = {}) {
  const chat = await startWebChat({ answer: bankAnswers(), routes: [documentPage], ...options });
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 }, ...view });
  const page = await context.newPage();
  visits.push({ chat, page });
  const faults: string[] = [];
  page.on("pageerror", ({ message }) => faults.push(message));
  page.on("console", (line) => {
    if (line.type() === "error" && !line.text().includes("WebSocket")) faults.push(line.text());
  });
  await page.goto(chat.url());
  await online(page);
  const say = async (text: string): Promise<void> => {
    await page.getByLabel("Your message").fill(text);
    await page.keyboard.press("Enter");
  };
  return { chat, page, say, faults };
}

const online = async (page: Page): Promise<void> => await page.getByText("Online", { exact: true }).waitFor();
const shown = async (page: Page, text: string | RegExp): Promise<void> => await page.getByText(text).first().waitFor();

/** Something to wait for, and the one who ends the wait. */
function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open: () => open() };
}

describe("the chat page", () => {
  it("streams an answer as text, then shows it formatted, without a fault in the console", async () => {
    const [searched, written] = [gate(), gate()];
    const { page, say, faults } = await visit({
      answer: async (_event, emit) => {
        emit({ type: "status", text: "Searching the documents…" });
        await searched.passed;
        emit({ type: "delta", offset: 0, text: "It costs " });
        emit({ type: "delta", offset: 9, text: "**8.00 €**." });
        await written.passed;
        return [draft("It costs **8.00 €**.\n\n| a | b |\n|---|---|\n| 1 | 2 |")];
      },
    });
    await say("What does a new card cost?");
    await page.getByText("Searching the documents…").waitFor();
    searched.open();
    const streaming = page.locator(".streaming .bubble");
    await streaming.filter({ hasText: "It costs **8.00 €**." }).waitFor();
    written.open();
    await page.locator(".rich strong", { hasText: "8.00 €" }).waitFor();
    expect(await streaming.count()).toBe(0);
    expect(await page.locator(".rich table td").count()).toBe(2);
    expect(await page.locator("#activity").isVisible()).toBe(false);
    expect(faults).toEqual([]);
  });

  it("greets a newcomer, and a suggestion starts the conversation", async () => {
    const { page } = await visit({ settings: { greeting: "Ahoy!", suggestions: ["Send 50 € to Maria"] } });
    await shown(page, "Ahoy!");
    await page.getByRole("button", { name: "Send 50 € to Maria" }).click();
    await page.getByRole("region", { name: "Please confirm" }).waitFor();
    expect(await page.locator("#welcome").isVisible()).toBe(false);
  });

  it("uses a choice up with one press", async () => {
    const { page, say, chat } = await visit();
    await say("which account?");
    await page.getByRole("button", { name: "Savings" }).click();
    await shown(page, "8,310.00 €");
    expect(await page.getByRole("button", { name: "Everyday" }).isDisabled()).toBe(true);
    expect(await page.getByRole("button", { name: "Savings" }).getAttribute("aria-pressed")).toBe("true");
    expect(chat.events[1]).toMatchObject({ type: "action", choiceId: "savings", value: "Savings" });
  });

  it("shows a proposal with amount, payee and time left, and confirms it", async () => {
    const { page, say, chat } = await visit();
    await say("send 50 to maria");
    const card = page.getByRole("region", { name: "Please confirm" });
    await card.getByText("€50.00").waitFor();
    await card.getByText("Maria Rossi", { exact: true }).waitFor();
    await card.getByText(/\([45]:\d\d\)$/u).waitFor();
    await card.getByRole("button", { name: "Confirm" }).click();
    await shown(page, "1,204.18 €");
    expect(chat.events[1]).toMatchObject({ type: "action", choiceId: "confirm:p1" });
    await page.getByRole("region", { name: "Done" }).waitFor();
    expect(await page.getByRole("button", { name: "Cancel" }).count()).toBe(0);
  });

  it.each([
    ["Europe/Berlin", /UTC/u],
    ["UTC", /M \(/u],
  ])("web-and-operations E: names the zone of a card's time to who reads in another: %s", async (timezoneId, time) => {
    const { page, say } = await visit({}, { timezoneId, locale: "en-US" });
    await say("Send 25 euros to Jana");
    const card = page.getByRole("region", { name: "Please confirm" });
    await card.getByText("Valid until").waitFor();
    expect(await card.getByText(/\(\d+:\d\d\)/u).textContent()).toMatch(time);
  });

  it("web-and-operations E: a card says what became of it, after a reload and in another tab too", async () => {
    const { page, say } = await visit();
    await say("send 50 to maria");
    await page.getByRole("region", { name: "Please confirm" }).waitFor();
    const other = await page.context().newPage();
    await other.goto(page.url());
    await other.getByRole("region", { name: "Please confirm" }).getByRole("button", { name: "Confirm" }).click();
    for (const tab of [page, other]) {
      await tab.getByRole("region", { name: "Done" }).waitFor();
      expect(await tab.getByText("Please confirm").count()).toBe(0);
    }
    await page.reload();
    const card = page.getByRole("region", { name: "Done" });
    await card.getByText("€50.00").first().waitFor();
    expect(await card.getByRole("button").count()).toBe(0);
  });

  it("web-and-operations E: a cancelled card says so", async () => {
    const { page, say } = await visit();
    await say("send 50 to maria");
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("region", { name: "Cancelled" }).waitFor();
    await page.reload();
    await page.getByRole("region", { name: "Cancelled" }).waitFor();
  });

  it("web-and-operations E: a card whose time is over says so by itself", async () => {
    const { page, say } = await visit({ answer: bankAnswers(15, 1_500) });
    await say("send 50 to maria");
    await page.getByRole("region", { name: "Please confirm" }).waitFor();
    const expired = page.getByRole("region", { name: "Expired" });
    await expired.waitFor();
    expect(await expired.getByRole("button").count()).toBe(0);
  });

  it("web-and-operations E: a card that still waits can be confirmed after a reload and other words", async () => {
    const { page, say } = await visit();
    await say("send 50 to maria");
    await page.getByRole("region", { name: "Please confirm" }).waitFor();
    await say("which account?");
    await page.getByRole("button", { name: "Savings" }).waitFor();
    await page.reload();
    await page.getByRole("region", { name: "Please confirm" }).getByRole("button", { name: "Confirm" }).click();
    await page.getByRole("region", { name: "Done" }).waitFor();
  });

  it("opens a citation with its quote, and the document behind it", async () => {
    const { page, say } = await visit();
    await say("What does a new card cost?");
    await page.locator(".rich").getByRole("button", { name: "Source 1" }).click();
    const panel = page.getByRole("dialog", { name: "Debit cards" });
    await panel.getByText("The first replacement in a calendar year is free.").waitFor();
    const [document] = await Promise.all([
      page.context().waitForEvent("page"),
      panel.getByRole("link", { name: "Open the document" }).click(),
    ]);
    await document.getByRole("heading", { name: "Debit cards" }).waitFor();
    expect(document.url()).toContain("/documents/harbour/cards#replacement");
    await page.keyboard.press("Escape");
    expect(await panel.isVisible()).toBe(false);
    await page
      .locator(".sources")
      .getByRole("button", { name: /Lost and stolen cards/u })
      .click();
    await page.getByText("A block takes effect at once.").waitFor();
    expect(await page.getByRole("link", { name: "Open the document" }).isVisible()).toBe(false);
  });

  it("shows recommendations with rank, risk, return and reason, and the disclosure", async () => {
    const { page, say } = await visit();
    await say("how could I invest?");
    const cards = page.getByRole("list", { name: "Recommendations" }).getByRole("listitem");
    await cards.first().waitFor();
    expect(await cards.count()).toBe(2);
    expect(await cards.nth(1).textContent()).toMatch(
      /2.*Harbour Balanced Fund.*Fund.*medium risk.*4\.1.*Often chosen/u,
    );
    await shown(page, /not investment advice/u);
  });

  it("uploads files with the message, and refuses empty ones before they leave", async () => {
    const { page, chat } = await visit();
    const files = [
      { name: "bill.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7 x") },
      { name: "empty.txt", mimeType: "text/plain", buffer: Buffer.alloc(0) },
    ];
    await page.locator("#file").setInputFiles(files);
    await page.getByRole("alert").getByText("“empty.txt” is empty.").waitFor();
    await page.locator(".file.ready", { hasText: "bill.pdf" }).waitFor();
    await page.getByRole("button", { name: "Send" }).click();
    await shown(page, "Attached: bill.pdf");
    await shown(page, "Block the old card");
    expect(chat.events[0]).toMatchObject({ attachments: [{ name: "bill.pdf", mediaType: "application/pdf" }] });
  });

  it("takes dropped files", async () => {
    const { page } = await visit();
    await page.evaluate(`{
      const data = new DataTransfer();
      data.items.add(new File(["hello"], "dropped.txt", { type: "text/plain" }));
      dispatchEvent(new DragEvent("drop", { dataTransfer: data, cancelable: true }));
    }`);
    await page.locator(".file.ready", { hasText: "dropped.txt" }).waitFor();
  });

  it("follows the system's theme, and remembers another one", async () => {
    const { page } = await visit({}, { colorScheme: "light" });
    const ground = async (): Promise<unknown> => await page.evaluate("getComputedStyle(document.body).backgroundColor");
    const light = await ground();
    await page.getByRole("button", { name: "Dark mode" }).click();
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.reload();
    await online(page);
    expect(await ground()).toBe(dark);
    expect(await page.getByRole("button", { name: "Dark mode" }).getAttribute("aria-pressed")).toBe("true");
  });

  it("shows the history after a reload, with used choices, and nothing twice", async () => {
    const { page, say } = await visit();
    await say("which account?");
    await page.getByRole("button", { name: "Savings" }).click();
    await shown(page, "8,310.00 €");
    await page.reload();
    await shown(page, "8,310.00 €");
    expect(await page.locator(".message").count()).toBe(4);
    expect(await page.getByRole("button", { name: "Savings" }).isDisabled()).toBe(true);
    await say("which one?");
    await page.getByRole("button", { name: "Everyday" }).nth(1).waitFor();
    expect(await page.locator(".message").count()).toBe(6);
  });

  it("starts anew when asked to, and stays new after a reload", async () => {
    const { page, say } = await visit();
    await say("which account?");
    await page.getByRole("button", { name: "Savings" }).waitFor();
    await page.getByRole("button", { name: "New conversation" }).click();
    await page.getByRole("button", { name: "Start anew" }).click();
    await page.locator("#welcome").waitFor();
    await page.reload();
    await online(page);
    await page.locator("#welcome").waitFor();
    expect(await page.locator(".message").count()).toBe(0);
  });

  it("keeps what is written while the server is away, and neither loses nor doubles anything", async () => {
    const { page, say, chat } = await visit();
    await say("which account?");
    await page.getByRole("button", { name: "Savings" }).waitFor();
    await chat.stop();
    await shown(page, /No connection/u);
    await say("send 50 to maria");
    await shown(page, "Sending…");
    await chat.start();
    await page.getByRole("region", { name: "Please confirm" }).waitFor();
    await online(page);
    expect(await page.locator(".message").count()).toBe(4);
    expect(chat.events.map(textOf)).toEqual(["which account?", "send 50 to maria"]);
  });

  it("shows in one tab what is said in another", async () => {
    const { page, say } = await visit();
    await say("which account?");
    await page.getByRole("button", { name: "Savings" }).waitFor();
    const other = await page.context().newPage();
    await other.goto(page.url());
    await other.getByRole("button", { name: "Savings" }).waitFor();
    await say("send 50 to maria");
    await shown(other, "send 50 to maria");
    await other.getByRole("region", { name: "Please confirm" }).waitFor();
  });

  it("web-and-operations E: a message over the limit is not delivered, and can be sent again when its time has come", async () => {
    const over = { now: true };
    const { page, say } = await visit({
      answer: async (event, emit) => (over.now ? undefined : await bankAnswers()(event, emit)),
      retryAfterMs: 2_000,
    });
    await say("which account?");
    await shown(page, "Not delivered: too many messages in a short time.");
    const again = page.getByRole("button", { name: /Send again/u });
    expect(await again.isDisabled()).toBe(true);
    expect(await again.textContent()).toMatch(/in [12] s/u);
    expect(await page.locator("#activity").isVisible()).toBe(false);
    over.now = false;
    await page.getByRole("button", { name: "Send again", exact: true }).click();
    await page.getByRole("button", { name: "Savings" }).waitFor();
    expect(await page.locator(".mine").count()).toBe(1);
  });

  it("web-and-operations E: so does one that its address may not send any more", async () => {
    const { page, say, chat } = await visit({ settings: { perAddress: { messagesPerMinute: 1 } } });
    await say("which account?");
    await page.getByRole("button", { name: "Savings" }).click();
    await shown(page, "Not delivered: too many messages in a short time.");
    expect(await page.getByRole("button", { name: /Send again in \d+ s/u }).isDisabled()).toBe(true);
    expect(chat.events).toHaveLength(1);
  });

  it("tells when the broker refuses, and sends again by itself", async () => {
    const { page, say, chat } = await visit();
    chat.fail(true);
    await say("which account?");
    await shown(page, "Not accepted yet, trying again…");
    chat.fail(false);
    await page.getByRole("button", { name: "Savings" }).waitFor();
    expect(chat.events).toHaveLength(1);
  });

  it("hands the access token over, and says so where it is missing", async () => {
    const chat = await startWebChat({ answer: bankAnswers(), gateway: { accessToken: () => "s3cret" } });
    const page = await (await browser.newContext()).newPage();
    visits.push({ chat, page });
    await page.goto(chat.url());
    await shown(page, /asks who you are: log in at .+ or open .+access_token/u);
    await page.goto(`${chat.url()}/#access_token=s3cret`);
    await page.reload();
    await online(page);
    expect(page.url()).not.toContain("s3cret");
    await page.getByLabel("Your message").fill("which account?");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Savings" }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Savings" }).waitFor();
  });

  it("has a page of its own for a second account", async () => {
    const chat = await startWebChat({ answer: bankAnswers(), accountName: "private-bank" });
    const page = await (await browser.newContext()).newPage();
    visits.push({ chat, page });
    await page.goto(`${chat.url()}/web/private-bank`);
    await online(page);
    await page.getByLabel("Your message").fill("which account?");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Savings" }).waitFor();
    expect(chat.events[0]?.account).toBe("web:private-bank");
  });

  it("shows markup from people as text", async () => {
    const { page, say } = await visit();
    await say("<img src=x onerror=alert(1)> which");
    await page.getByRole("button", { name: "Savings" }).waitFor();
    expect(await page.locator(".mine .bubble").textContent()).toBe("<img src=x onerror=alert(1)> which");
    expect(await page.locator("img").count()).toBe(0);
  });

  it("web-and-operations E: tables on a phone scroll in their box and break no word and no number", async () => {
    const rows = ["| Service | Everyday | IBAN |", "| --- | ---: | --- |"];
    const cells = ["| Kontoführungsgebührenerstattung | -€4.90/-€14.90 | DE34 9998 0010 4149 9914 00 |"];
    const { page, say } = await visit(
      { answer: async () => [draft([...rows, ...cells].join("\n"))] },
      { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
    );
    await say("fees?");
    await page.locator(".rich table").waitFor();
    const lines = await page
      .locator(".rich :is(.whole, tbody td:first-child)")
      .evaluateAll((all) => all.map((one) => one.getClientRects().length));
    expect(lines).toEqual([1, 1, 1]);
    const heights = await page.locator(".rich tbody td").evaluateAll((all) => all.map((one) => one.clientHeight));
    expect(Math.max(...heights)).toBeLessThan(45);
    const box = page.getByRole("region", { name: "Table" });
    expect(await box.evaluate((one) => one.scrollWidth > one.clientWidth)).toBe(true);
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
  });

  it("web-and-operations E: Enter on a phone sends, as its key says; Shift of a real keyboard makes a line", async () => {
    const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
    const { page } = await visit({}, phone);
    const field = page.getByLabel("Your message");
    expect(await field.getAttribute("enterkeyhint")).toBe("send");
    await field.fill("one");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("which account?");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Savings" }).waitFor();
    expect(await page.locator(".mine .bubble").textContent()).toBe("one\nwhich account?");
  });

  it("web-and-operations E: buttons about a product stand on its card, and a tall answer is read from its start", async () => {
    const { page, say, chat } = await visit({}, { viewport: { width: 390, height: 500 } });
    await say("how could I invest?");
    const cards = page.getByRole("list", { name: "Recommendations" }).getByRole("listitem");
    await cards.nth(1).getByRole("button", { name: "I like it" }).waitFor();
    expect(await cards.first().getByRole("button").count()).toBe(2);
    expect(await page.getByText("These fit a goal").isVisible()).toBe(true);
    const top = await page.locator(".theirs").evaluate((one) => one.getBoundingClientRect().top);
    expect(top).toBeGreaterThan(0);
    await cards.nth(1).getByRole("button", { name: "I like it" }).click();
    await shown(page, "I like Harbour Balanced Fund");
    expect(chat.events[1]).toMatchObject({
      choiceId: "accept-product:balanced",
      value: "I like Harbour Balanced Fund",
    });
  });

  it("works by keyboard alone, and fits a phone without scrolling sideways", async () => {
    const { page } = await visit({}, { viewport: { width: 360, height: 640 } });
    expect(await page.evaluate("document.activeElement.id")).toBe("text");
    await page.keyboard.type("one");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("how could I invest?");
    await page.keyboard.press("Enter");
    await shown(page, "Goal Saver");
    expect(await page.locator(".mine .bubble").textContent()).toBe("one\nhow could I invest?");
    const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
    expect(overflow).toBe(0);
  });
});
