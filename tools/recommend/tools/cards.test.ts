import { expect, it } from "vitest";
import { cardsOf } from "./cards.ts";

const fund = {
  id: "fund",
  name: "Harbour Balanced Fund",
  category: "fund",
  riskLevel: "low",
  expectedReturn: 0.021,
  relevanceScore: 0.9,
  rank: 1,
  reason: "fits what you asked for",
} as const;

it.each([
  ["de", ["Risiko: geringes Risiko", "Erwartete Rendite: 2,1 %", "etwa 2,1 % im Jahr", "Übereinstimmung: 90 %"]],
  ["en-GB", ["Risk: low risk", "Expected return: 2.1%", "about 2.1% a year", "Match: 90%"]],
])("a recommended product's card speaks the bot's language: %s", (locale, parts) => {
  const [card] = cardsOf([fund], locale);
  const said = (card?.facts ?? [])
    .flatMap(({ label, value, phrase = "" }) => [`${label}: ${value}`, phrase])
    .join("\n");
  for (const part of parts) expect(said.replaceAll(/\s/gu, " ")).toContain(part);
});
