/** Recommended products as cards: what a person sees of them, in the bot's language. */
import { localeText } from "../../../core/delivery/index.ts";
import type { Card } from "../../../core/reply.ts";
import type { Recommendation } from "../service/recommendation.ts";

interface CardTexts {
  readonly kind: string;
  readonly risk: string;
  readonly levels: Readonly<Record<Recommendation["riskLevel"], string>>;
  readonly expectedReturn: string;
  readonly perYear: (percent: string) => string;
  readonly match: string;
}

const english: CardTexts = {
  kind: "Kind",
  risk: "Risk",
  levels: { low: "low risk", medium: "medium risk", high: "high risk" },
  expectedReturn: "Expected return",
  perYear: (percent) => `about ${percent} a year`,
  match: "Match",
};

const german: CardTexts = {
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
    return {
      id,
      title: name,
      number: rank,
      facts: [
        { label: texts.kind, value: category },
        { label: texts.risk, value: texts.levels[riskLevel], tone: TONES[riskLevel] },
        ...(expectedReturn === null
          ? []
          : [
              {
                label: texts.expectedReturn,
                value: percent(expectedReturn),
                phrase: texts.perYear(percent(expectedReturn)),
              },
            ]),
        { label: texts.match, value: percent(relevanceScore), phrase: "" },
      ],
      text: reason,
      isAdvice: true,
      data: { ...one },
    };
  });
}
