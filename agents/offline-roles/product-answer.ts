/** Answers from the recommender: ranked products with reasons, facts, and comparisons. */
import { z } from "zod";
import { formatMoney } from "../../core/delivery/money-text.ts";
import { Money } from "../../core/money.ts";
import type { ToolResult } from "../../core/tool.ts";
import type { Draft } from "../roles/contract.ts";
import { literal, literalTable } from "./markdown.ts";

const Facts = z.looseObject({
  products: z.array(
    z.looseObject({
      name: z.string(),
      description: z.string(),
      features: z.array(z.string()).default([]),
      riskClass: z.number(),
      riskLevel: z.string(),
      expectedReturn: z.number().nullable(),
      minimumAmount: Money.nullable().default(null),
      eligibility: z.string(),
    }),
  ),
  unknown: z.array(z.string()).default([]),
  ambiguous: z.array(z.looseObject({ name: z.string(), candidates: z.array(z.string()) })).default([]),
});
const Recommended = z.looseObject({
  recommendations: z.array(z.looseObject({ name: z.string(), relevanceScore: z.number() })),
});
type ProductFacts = z.output<typeof Facts>["products"][number];

/** The recommended products with their reasons. */
export function recommendationDraft({ value }: ToolResult): Draft {
  const ranked = Recommended.safeParse(value).data?.recommendations ?? [];
  const best = ranked[0];
  if (best === undefined) {
    return {
      text: "I found no product that fits and that you may have. Could you tell me more about what you look for?",
      confidence: 0.4,
    };
  }
  // The cards show the details; the names stand in the text too, so that "the second one" can be understood later.
  const names = new Intl.ListFormat("en", { type: "conjunction" }).format(
    ranked.map(({ name }) => `**${literal(name)}**`),
  );
  const intro = ranked.length === 1 ? "This could suit you" : "These could suit you, the best fit first";
  return { text: `${intro}: ${names}.`, confidence: Math.min(0.9, 0.5 + 0.4 * best.relevanceScore) };
}

/** The facts of one product, or several side by side. */
export function productDraft({ value, sources = [] }: ToolResult, locale: string): Draft {
  const { products, unknown, ambiguous } = Facts.safeParse(value).data ?? NOTHING;
  const facts =
    products.length > 1 ? [comparison(products, locale)] : products.map((product) => description(product, locale));
  const doubts = [
    ...unknown.map((name) => `I know no product called “${literal(name)}”.`),
    ...ambiguous.map(
      ({ name, candidates }) =>
        `“${literal(name)}” fits several products: ${candidates.map(literal).join(", ")}. Which one is meant?`,
    ),
  ];
  const choices = ambiguous
    .flatMap(({ candidates }) => candidates)
    .slice(0, MOST_CHOICES)
    .map((name, index) => ({ id: `product-${index + 1}`, label: name, value: `Tell me about the ${name}` }));
  const confidence = products.length === 0 ? 0.4 : 0.9;
  return { text: [...facts, ...doubts].join("\n\n"), sources: [...sources], confidence, choices };
}

const NOTHING: z.output<typeof Facts> = { products: [], unknown: [], ambiguous: [] };
const MOST_CHOICES = 4;

/** Whether a product tool found anything or has a question to ask. */
export function hasProducts({ value }: ToolResult): boolean {
  const read = Facts.safeParse(value).data;
  return (read?.products.length ?? 0) > 0 || (read?.ambiguous.length ?? 0) > 0;
}

function description(product: ProductFacts, locale: string): string {
  const lines = [
    ...product.features.map(literal),
    ...rowsOf([product], locale).map(([property = "", value = ""]) => `${property}: ${literal(value)}`),
  ];
  return [
    `**${literal(product.name)}**: ${literal(product.description)} [1]`,
    "",
    ...lines.map((line) => `- ${line}`),
  ].join("\n");
}

function comparison(products: readonly ProductFacts[], locale: string): string {
  const header = ["", ...products.map(({ name }) => name)];
  const features = ["Features", ...products.map((product) => product.features.join("; "))];
  const marks = products.map((_product, index) => `[${index + 1}]`).join("");
  return `${literalTable(header, [...rowsOf(products, locale), features])}\n\nFrom the product catalogue. ${marks}`;
}

function rowsOf(products: readonly ProductFacts[], locale: string): readonly (readonly string[])[] {
  const row = (title: string, cell: (product: ProductFacts) => string): readonly string[] => [
    title,
    ...products.map(cell),
  ];
  return [
    row("Risk", ({ riskClass, riskLevel }) => `${riskLevel} (class ${riskClass} of 7)`),
    row("Expected return", ({ expectedReturn }) =>
      expectedReturn === null ? "none" : `${percentOf(expectedReturn)} a year`,
    ),
    row("Smallest amount", ({ minimumAmount }) =>
      minimumAmount === null ? "none" : formatMoney(minimumAmount, locale),
    ),
    row("Who may have it", ({ eligibility }) => eligibility),
  ];
}

function percentOf(fraction: number): string {
  return `${Number((fraction * 100).toFixed(2))}%`;
}
