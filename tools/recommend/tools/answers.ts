/** Products in the hearer's words: what is recommended, facts, comparisons. */
import { z } from "zod";
import { localeText } from "../../../core/delivery/index.ts";
import type { Json } from "../../../core/json.ts";
import { literal, literalTable } from "../../../core/markdown/index.ts";
import { Money } from "../../../core/money.ts";
import type { Hearer } from "../../../core/teaching.ts";
import { chosen, filledIn } from "../../../core/text/sentence.ts";
import { type AnswerTexts, answerTexts } from "./answer-texts.ts";

const Recommended = z.looseObject({ recommendations: z.array(z.looseObject({ name: z.string() })) });
const Facts = z.looseObject({
  products: z.array(
    z.looseObject({
      name: z.string(),
      description: z.string(),
      features: z.array(z.string()),
      riskClass: z.number(),
      riskLevel: z.enum(["low", "medium", "high"]),
      expectedReturn: z.number().nullable(),
      minimumAmount: Money.nullable(),
      eligibility: z.looseObject({
        minAge: z.number().optional(),
        maxAge: z.number().optional(),
        segments: z.array(z.string()).optional(),
      }),
    }),
  ),
  unknown: z.array(z.string()),
  ambiguous: z.array(z.looseObject({ name: z.string(), candidates: z.array(z.string()) })),
});
type ProductFacts = z.output<typeof Facts>["products"][number];
const Noted = z.looseObject({
  answer: z.enum(["accepted", "dismissed"]),
  products: z.array(z.string()),
  unknown: z.array(z.string()),
});

/** The names of what is recommended; reasons and figures stand on the cards. */
export function sayRecommendations(value: Json, { language, locale }: Hearer): string {
  const texts = answerTexts(language);
  const { recommendations } = Recommended.parse(value);
  if (recommendations.length === 0) return texts.nothing;
  const names = listOf(
    recommendations.map(({ name }) => `**${literal(name)}**`),
    locale,
  );
  return filledIn(chosen(recommendations.length === 1 ? texts.one : texts.several, names) ?? "{names}", { names });
}

/** The facts of one product, or several side by side. */
export function sayProducts(value: Json, hearer: Hearer): string {
  const texts = answerTexts(hearer.language);
  const { products, unknown, ambiguous } = Facts.parse(value);
  const facts =
    products.length > 1
      ? [comparison(products, texts, hearer)]
      : products.map((product) => description(product, texts, hearer));
  const doubts = [
    ...unknown.map((name) => filledIn(texts.unknown, { name: literal(name) })),
    ...ambiguous.map(({ name, candidates }) =>
      filledIn(texts.ambiguous, { name: literal(name), names: listOf(candidates.map(literal), hearer.locale) }),
    ),
  ];
  return [...facts, ...doubts].join("\n\n");
}

/** What was noted of a recommendation. */
export function sayNoted(value: Json, { language, locale }: Hearer): string {
  const texts = answerTexts(language);
  const { answer, products, unknown } = Noted.parse(value);
  if (products.length === 0) return filledIn(texts.unknown, { name: literal(unknown[0] ?? "") });
  return filledIn(texts[answer], {
    names: listOf(
      products.map((name) => `**${literal(name)}**`),
      locale,
    ),
  });
}

function listOf(names: readonly string[], locale: string): string {
  return new Intl.ListFormat(locale, { type: "conjunction" }).format(names);
}

function description(product: ProductFacts, texts: AnswerTexts, hearer: Hearer): string {
  const lines = [
    ...product.features.map(literal),
    ...rowsOf([product], texts, hearer).map(([property = "", value = ""]) => `${property}: ${literal(value)}`),
  ];
  return [
    `**${literal(product.name)}**: ${literal(product.description)} [1]`,
    "",
    ...lines.map((line) => `- ${line}`),
  ].join("\n");
}

function comparison(products: readonly ProductFacts[], texts: AnswerTexts, hearer: Hearer): string {
  const header = ["", ...products.map(({ name }) => name)];
  const features = [texts.features, ...products.map((product) => product.features.join("; "))];
  const marks = products.map((_product, index) => `[${index + 1}]`).join("");
  const table = literalTable(header, [...rowsOf(products, texts, hearer), features]);
  return `${table}\n\n${filledIn(texts.catalogue, { marks })}`;
}

function rowsOf(
  products: readonly ProductFacts[],
  texts: AnswerTexts,
  { locale }: Hearer,
): readonly (readonly string[])[] {
  const { money, percent } = localeText({ locale });
  const row = (title: string, cell: (product: ProductFacts) => string): readonly string[] => [
    title,
    ...products.map(cell),
  ];
  return [
    row(texts.risk, ({ riskClass, riskLevel }) =>
      filledIn(texts.riskOf, { level: texts.levels[riskLevel], risk: String(riskClass) }),
    ),
    row(texts.expectedReturn, ({ expectedReturn }) =>
      expectedReturn === null ? texts.none : filledIn(texts.aYear, { percent: percent(expectedReturn) }),
    ),
    row(texts.smallest, ({ minimumAmount }) => (minimumAmount === null ? texts.none : money(minimumAmount))),
    row(texts.who, ({ eligibility }) => whoMay(eligibility, texts, locale)),
  ];
}

function whoMay({ minAge, maxAge, segments }: ProductFacts["eligibility"], texts: AnswerTexts, locale: string): string {
  const from = minAge === undefined || minAge === 0 ? undefined : String(minAge);
  const to = maxAge === undefined ? undefined : String(maxAge);
  const age =
    from !== undefined && to !== undefined
      ? filledIn(texts.between, { from, to })
      : from !== undefined
        ? filledIn(texts.from, { age: from })
        : to === undefined
          ? undefined
          : filledIn(texts.to, { age: to });
  const known = new Map(Object.entries(texts.segments));
  const people =
    segments === undefined
      ? undefined
      : listOf(
          segments.map((segment) => known.get(segment) ?? segment),
          locale,
        );
  const parts = [people, age].filter((part) => part !== undefined);
  return parts.length === 0 ? texts.everybody : parts.join(", ");
}
