/** Recommended products as cards: what a person sees of them, in the bot's language. */
import { localeText } from "../../../core/delivery/index.ts";
import type { Card } from "../../../core/reply.ts";
import type { Recommendation } from "../service/recommendation.ts";

const english = {
  kind: "Kind",
  risk: "Risk",
  levels: { low: "low risk", medium: "medium risk", high: "high risk" },
  expectedReturn: "Expected return",
  perYear: (percent: string) => `about ${percent} a year`,
  match: "Match",
};

const german: typeof english = {
  kind: "Art",
  risk: "Risiko",
  levels: { low: "geringes Risiko", medium: "mittleres Risiko", high: "hohes Risiko" },
  expectedReturn: "Erwartete Rendite",
  perYear: (percent) => `etwa ${percent} im Jahr`,
  match: "Übereinstimmung",
};

const TONES = { low: "good", medium: "caution", high: "alert" } as const;

/** The recommendations as cards, in their order. */
export function cardsOf(recommendations: readonly Recommendation[], locale: string): Card[] {
  const texts = locale.toLowerCase().startsWith("de") ? german : english;
  const { percent } = localeText({ locale });
  return recommendations.map((one) => {
    const { id, name, rank, category, riskLevel, expectedReturn, relevanceScore, reason } = one;
    const returns = expectedReturn === null ? [] : [percent(expectedReturn)];
    return {
      id,
      title: name,
      number: rank,
      facts: [
        { label: texts.kind, value: category },
        { label: texts.risk, value: texts.levels[riskLevel], tone: TONES[riskLevel] },
        ...returns.map((value) => ({ label: texts.expectedReturn, value, phrase: texts.perYear(value) })),
        { label: texts.match, value: percent(relevanceScore), phrase: "" },
      ],
      text: reason,
      isAdvice: true,
      data: { ...one },
    };
  });
}
