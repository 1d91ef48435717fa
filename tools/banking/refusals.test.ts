import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { useBankChat } from "../../test/support/use-bank-chat.ts";
import { bankLanguage } from "./language.ts";

const call = useBankChat();

describe("the bank's refusals", () => {
  it.each([
    [
      "de-DE",
      { to: "Emre", amount: "40" },
      "sende 50 an Emre",
      /^Der Betrag 40,00.€ steht nicht in deinen eigenen Worten/u,
    ],
    [
      "de",
      { to: "Wladimir", amount: "40" },
      "sende 40 an Wladimir",
      /^Keiner deiner gespeicherten Empfänger heißt so\. Gespeichert sind: .*Emre/u,
    ],
    [
      "de",
      { to: "Emre", amount: "40", from: "Yacht" },
      "sende 40 an Emre",
      /^Ein solches Konto gibt es nicht\. Es gibt: Everyday/u,
    ],
    ["de", { to: "Emre", amount: "0" }, "sende 0 an Emre", /^Der Betrag muss größer als null sein\.$/u],
    ["en", { to: "Emre", amount: "0" }, "send 0 to Emre", /^The amount must be more than zero\.$/u],
    ["fr", { to: "Emre", amount: "0" }, "send 0 to Emre", /^The amount must be more than zero\.$/u],
  ])("are told in %s: %o", async (locale, input, words, told) => {
    const outcome = await call(words, "transfer_money", input, locale);
    expect(outcome).toMatchObject({ status: "refused", message: expect.stringMatching(told) });
    expect(JSON.stringify(outcome)).not.toMatch(/[{]\w+[}]/u);
  });

  it("have German words for each that a customer can be told, with the values that code gives", async () => {
    const { refusals } = await bankLanguage();
    const files = [
      "amount",
      "iban",
      "destination",
      "customer",
      "tools/payees",
      "tools/link-customer",
      "tools/transfer-money",
      "tools/export-transactions",
      "tools/of-customers",
      "embedded/payees",
    ];
    const code = files.map((file) => readFileSync(new URL(`${file}.ts`, import.meta.url), "utf8")).join("\n");
    const thrown = [...code.matchAll(/BankRefusal\(\s*"bank\/([a-z-]+)"/gu)].map(([, name = ""]) => name);
    const named = [...code.matchAll(/name: "([a-z-]+)"/gu)].map(([, name = ""]) => name);
    expect(thrown.length).toBeGreaterThan(15);
    const unsaid = thrown.filter((name) => refusals["de"]?.[name] === undefined && name !== "payee-not-said");
    expect(unsaid).toEqual([]);
    expect(named.filter((name) => refusals["de"]?.[name] === undefined)).toEqual([]);
  });
});
