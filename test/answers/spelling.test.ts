import { describe, expect, it } from "vitest";
import { says } from "./spelling.ts";

describe("a text says a thing", () => {
  it.each([
    ["It costs **€50** a year.", "€50"],
    ["Das kostet 50,00 €.", "€50"],
    ["11.390 Euro nach einem Jahr", "€11,390"],
    ["4,3 Prozent", "4.3%"],
    ["The rate is 3.00 %.", "3%"],
    ["Es sind 1.234,50 €", "1,234.50"],
    ["The card costs 12,00 €.", "12.00"],
    ["12 € im Jahr", "12.00"],
    ["Second card 12.00", "12"],
    ["KOSTENLOSE Karte", "kostenlos"],
    ["keine Gebühr", "kein"],
    ["No, it is not.", "no"],
    ["within 2–4 working days", "2-4 working day"],
    ["call +49 30 23125 120.", "23125 120"],
  ])("%s: %s", (text, spelling) => {
    expect(says(text, [spelling])).toBe(true);
  });

  it.each([
    ["It costs €500.", "€50"],
    ["It costs €50.75.", "€50"],
    ["11 % are kept", "1 %"],
    ["2.1 % are kept", "1 %"],
    ["The amount is 12,500", "500"],
    ["after 12 months", "12.00"],
    ["I do not know", "no"],
    ["Im Jahr 2023", "ja"],
    ["the deadline is 15 May", "5 May"],
  ])("but not %s: %s", (text, spelling) => {
    expect(says(text, [spelling])).toBe(false);
  });
});
