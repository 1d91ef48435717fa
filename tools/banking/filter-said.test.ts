import { describe, expect, it } from "vitest";
import { useBankChat } from "../../test/support/use-bank-chat.ts";

const call = useBankChat();
const outcomeOf = async (words: string, input: object, locale = "en") =>
  await call(words, "list_transactions", input, locale);

const october = { period: { from: "2026-10-01", to: "2026-10-31" } };

describe("a filter for bookings", () => {
  it.each([
    ["what does Nordlicht take on average each month", { counterparty: "Nordlicht", answer: "average" }],
    ["was zahle ich im Monat für Lebensmittel", { category: "groceries", answer: "average" }],
    ["something from October 2026 that I do not recognise", october],
    ["etwas aus dem Oktober 2026, das ich nicht mehr zuordnen kann", october],
    ["October 2026, not September", october],
    ["im Oktober 2026 und nicht im September", october],
    ["groceries in October 2026, I've had a long day", { ...october, category: "groceries" }],
    ["I could not sleep last night, what went out in October 2026", october],
  ])("is counted where the other words limit nothing: %s", async (words, input) => {
    expect(await outcomeOf(words, input)).toMatchObject({ status: "done" });
  });

  it.each([
    ["groceries except Rewe", { category: "groceries" }],
    ["everything in October 2026 without the rent", october],
    ["groceries, not Rewe", { category: "groceries", counterparty: "Rewe" }],
    ["alles außer Miete", {}],
    ["Lebensmittel, aber nicht bei Rewe", { category: "groceries", counterparty: "Rewe" }],
    ["all of 2026, not October", { period: { from: "2026-01-01", to: "2026-12-31" } }],
    ["what did I spend since my birthday", {}],
    ["was kam seit meinem Umzug", {}],
  ])("is refused where they do: %s", async (words, input) => {
    expect(await outcomeOf(words, input)).toMatchObject({ status: "refused" });
  });

  it("is refused in the person's language, with the words that were not understood", async () => {
    expect(await outcomeOf("was kam seit meinem Umzug", {}, "de")).toMatchObject({
      message: "„seit“ habe ich nicht als Zeit verstanden und deshalb nichts gezählt. Von wann bis wann?",
    });
    expect(await outcomeOf("alles außer Miete", {}, "de")).toMatchObject({
      message: expect.stringContaining("„außer Miete“"),
    });
  });
});
