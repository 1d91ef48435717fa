import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testReply } from "../../test/support/delivery-setup.ts";
import { parseMarkdown, toPlainText } from "../markdown/index.ts";
import { formatMoney } from "./money-text.ts";
import { cardsMarkdown, proposalMarkdown, replyMarkdown, sourcesMarkdown } from "./render-text.ts";

const shown = (markdown: string): string => toPlainText(parseMarkdown(markdown));

describe("formatMoney", () => {
  it("writes minor units exactly, in the currency's own digits", () => {
    expect(formatMoney({ minor: 123_456, currency: "USD" })).toBe("$1,234.56");
    expect(formatMoney({ minor: -5, currency: "USD" })).toBe("-$0.05");
    expect(formatMoney({ minor: 1_234, currency: "JPY" })).toBe("¥1,234");
    expect(formatMoney({ minor: 1_234, currency: "KWD" })).toMatch(/^KWD\s1\.234$/);
    expect(formatMoney({ minor: 0, currency: "EUR" }, "de")).toMatch(/^0,00\s€$/);
    expect(formatMoney({ minor: Number.MAX_SAFE_INTEGER, currency: "EUR" })).toBe("€90,071,992,547,409.91");
    expect(formatMoney({ minor: 100, currency: "EUR" }, "no such locale")).toBe("€1.00");
  });

  it("keeps every digit of any amount", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (minor) => {
        const text = formatMoney({ minor, currency: "USD" });
        expect(text.replaceAll(/\D/g, "").replace(/^0+/, "")).toBe(String(Math.abs(minor)).replace(/^0+/, ""));
        expect(text.startsWith("-")).toBe(minor < 0);
      }),
    );
  });
});

describe("extras as text", () => {
  const proposal = {
    id: "p1",
    summary: "Transfer to *Mallory* [here](https://evil.example)",
    facts: [
      { label: "Amount", value: "€12.50" },
      { label: "To", value: "Ann_Lee <b>" },
    ],
    code: "483920",
    expiresAt: "2026-01-05T09:05:00.000Z",
  };

  it("shows a proposal's facts, expiry and code, and data as itself", () => {
    const text = shown(proposalMarkdown(proposal, { timeZone: "Europe/Berlin" }));
    expect(text).toContain("Transfer to *Mallory* [here](https://evil.example)");
    expect(text).toContain("Amount: €12.50");
    expect(text).toContain("To: Ann_Lee <b>");
    expect(text).toMatch(/Valid until: Jan 5, 2026, 10:05:00/);
    expect(text).toContain("To confirm, type 483920");
    expect(shown(proposalMarkdown(proposal, { locale: "de" }))).toContain("Zum Bestätigen 483920 eingeben");
  });

  it("numbers sources and links only web addresses", () => {
    const source = { title: "Fees", location: "page 2", quote: "No *fee* applies." };
    const markdown = sourcesMarkdown([
      { ...source, url: "https://example.org/a b" },
      { ...source, url: "javascript:alert(1)" },
    ]);
    expect(shown(markdown)).toContain("1. Fees (https://example.org/a%20b), page 2: “No *fee* applies.”");
    expect(shown(markdown)).toContain("2. Fees, page 2");
    expect(markdown).not.toContain("javascript");
  });

  it("lists cards by number, with their facts as phrases and the sentence below", () => {
    const kind = { label: "Kind", value: "fund" };
    const text = shown(
      cardsMarkdown([
        {
          id: "a",
          title: "First",
          number: 1,
          facts: [
            kind,
            { label: "Expected return", value: "2.1%", phrase: "about 2.1% a year" },
            { label: "Match", value: "90%", phrase: "" },
          ],
          text: "It fits.",
        },
        { id: "b", title: "Second", number: 2, facts: [kind], text: "" },
        { id: "c", title: "Without a number", facts: [], text: "" },
      ]),
    );
    expect(text).toMatch(/1\. First \(fund, about 2\.1% a year\)\s+It fits\.\n2\. Second \(fund\)/);
    expect(text).toContain("• Without a number");
  });

  it("puts everything a reply carries into one text, and leaves out what the platform shows itself", () => {
    const reply = testReply({
      text: "Here you are.",
      proposal,
      choices: [{ id: "x", label: "More", value: "more" }],
      sources: [{ title: "Fees", location: "page 2", quote: "None." }],
      disclaimers: ["No advice."],
    });
    const all = replyMarkdown(reply);
    for (const part of ["Here you are.", "483920", "1. More", "Sources", "*No advice\\.*"]) expect(all).toContain(part);
    const rest = replyMarkdown(reply, { choices: true, proposal: true, sources: true, cards: true });
    expect(rest).toBe("Here you are.\n\n*No advice\\.*");
  });

  it("numbers the choices as their numbers are read, whatever lists stand above them", () => {
    const card = { id: "a", title: "Roadster", number: 1, facts: [], text: "" };
    const choices = [
      { id: "x", label: "Rent Roadster", value: "rent" },
      { id: "y", label: "Rent Gravel King", value: "rent the other" },
    ];
    for (const text of ["Two bikes:", "1. one\n2. two", "1) one\n2) two", "1. one\n\n   more of it"]) {
      const reply = testReply({ text, cards: [card], choices });
      const lines = shown(replyMarkdown(reply)).split("\n");
      expect(lines).toEqual(expect.arrayContaining(["• Roadster", "1. Rent Roadster", "2. Rent Gravel King"]));
      const ranked = shown(replyMarkdown(testReply({ text, cards: [card] }))).split("\n");
      expect(ranked).toContain("1. Roadster");
    }
  });

  it("shows any names and quotes exactly, on one line", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme-ascii", minLength: 1 }), (name) => {
        const data = name.replaceAll(/\s+/g, " ").trim();
        fc.pre(data !== "");
        expect(shown(cardsMarkdown([{ id: "a", title: name, number: 1, facts: [], text: "r" }]))).toContain(data);
      }),
    );
  });
});

describe("labels and times", () => {
  const proposal = {
    id: "p1",
    summary: "Zahlung",
    facts: [],
    expiresAt: "2030-07-01T22:30:00.000Z",
  };

  it.each([
    ["de", "Europe/Berlin", ["Gültig bis", "02.07.2030", "00:30:00"]],
    ["en-GB", "Europe/London", ["Valid until", "1 Jul 2030", "23:30:00"]],
    ["en", "America/New_York", ["6:30:00", "PM", "EDT"]],
    ["xx-not-a-locale!", "UTC", ["Valid until", "10:30:00", "PM", "UTC"]],
  ])("are the bot's: %s in %s", (locale, timeZone, parts) => {
    const card = proposalMarkdown(proposal, { locale, timeZone }).replaceAll("\\", "").replaceAll(/\s/gu, " ");
    for (const part of parts) expect(card).toContain(part);
  });
});
