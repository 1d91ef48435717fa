import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testReply } from "../../test/support/delivery-setup.ts";
import { parseMarkdown, toPlainText } from "../markdown/index.ts";
import { formatMoney } from "./money-text.ts";
import { proposalMarkdown, recommendationsMarkdown, replyMarkdown, sourcesMarkdown } from "./render-text.ts";

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
    amount: { minor: 1_250, currency: "EUR" },
    payee: "Ann_Lee <b>",
    code: "483920",
    expiresAt: "2026-01-05T09:05:00.000Z",
  };

  it("shows a proposal's amount, payee, expiry and code, and data as itself", () => {
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

  it("lists recommendations by rank with risk and return", () => {
    const one = { id: "a", category: "fund", relevanceScore: 0.9, reason: "It fits." };
    const text = shown(
      recommendationsMarkdown([
        { ...one, name: "Second", riskLevel: "high", expectedReturn: null, rank: 2 },
        { ...one, name: "First", riskLevel: "low", expectedReturn: 0.021, rank: 1 },
      ]),
    );
    expect(text).toMatch(
      /1\. First \(fund, low risk, about 2\.1% a year\)\s+It fits\.\n2\. Second \(fund, high risk\)/,
    );
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
    const rest = replyMarkdown(reply, { choices: true, proposal: true, sources: true, recommendations: true });
    expect(rest).toBe("Here you are.\n\n*No advice\\.*");
  });

  it("shows any names and quotes exactly, on one line", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme-ascii", minLength: 1 }), (name) => {
        const data = name.replaceAll(/\s+/g, " ").trim();
        fc.pre(data !== "");
        const one = { id: "a", name, category: "c", relevanceScore: 1, reason: "r", rank: 1, expectedReturn: null };
        expect(shown(recommendationsMarkdown([{ ...one, riskLevel: "low" }]))).toContain(data);
      }),
    );
  });
});
