import { describe, expect, it } from "vitest";
import { BotPolicies } from "../bot.ts";
import type { ReplyDraft } from "../reply.ts";
import { applyCompliance } from "./compliance.ts";

const { compliance: unset } = BotPolicies.parse({});
const plain: ReplyDraft = { text: "Hello.", confidence: 1, model: "m" };
const source = { title: "Fees", location: "1", quote: "A card costs 10 euros." };
const card = {
  id: "p",
  title: "Fund",
  number: 1,
  facts: [{ label: "Kind", value: "fund" }],
  text: "popular",
  isAdvice: true,
};
const first = { locale: "en", conversationStarts: true, isRegulated: true };
const later = { ...first, conversationStarts: false };
const added = (draft: ReplyDraft, facts = first, policy = unset) => applyCompliance(draft, policy, facts).added;

describe("notices that are left out of the configuration", () => {
  it("are said where a bot recommends or moves money", () => {
    expect(added(plain)).toEqual(["informationNotice"]);
    expect(added(plain, later)).toEqual([]);
    expect(added({ ...plain, sources: [source] }, later)).toEqual(["regulatoryNotice"]);
    expect(added({ ...plain, cards: [card] }, later)).toEqual(["riskDisclosure", "regulatoryNotice"]);
  });

  it("are not said by other bots, but for the risk of what they recommend", () => {
    const facts = { ...first, isRegulated: false };
    expect(added(plain, facts)).toEqual([]);
    expect(added({ ...plain, sources: [source] }, facts)).toEqual([]);
    expect(added({ ...plain, cards: [card] }, facts)).toEqual(["riskDisclosure"]);
  });

  it("are not said of cards that advise nothing", () => {
    expect(added({ ...plain, cards: [{ ...card, isAdvice: false }] }, later)).toEqual([]);
  });

  it.each([
    ["en", /automated assistant.*general information, not investment advice.*contract documents/su],
    ["de-AT", /automatischer Assistent.*keine Anlageberatung.*Vertragsunterlagen/su],
    ["fr", /automated assistant.*not investment advice.*contract documents/su],
  ])("have real texts for %s", (locale, words) => {
    const { draft } = applyCompliance({ ...plain, cards: [card] }, unset, { ...first, locale });
    expect(draft.disclaimers?.join("\n")).toMatch(words);
  });
});

describe("notices of the configuration", () => {
  it("win over those of the framework; an empty one says nothing", () => {
    const policy = { informationNotice: { default: "I am a machine." }, regulatoryNotice: { default: "" } };
    const { draft } = applyCompliance({ ...plain, sources: [source] }, policy, first);
    expect(draft.disclaimers).toEqual(["I am a machine."]);
  });
});
