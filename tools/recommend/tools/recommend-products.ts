import { z } from "zod";
import { defineTool } from "../../../core/define-tool.ts";
import type { Tool, ToolContext } from "../../../core/tool.ts";
import { Product } from "../catalogue/product.ts";
import { hintedCategories } from "../catalogue/category-hints.ts";
import { cardsOf } from "./cards.ts";
import { choicesFor } from "./choices.ts";
import { sayRecommendations } from "./answers.ts";
import { common, idsOf, toldIn, type ToolParts } from "./parts.ts";

const LONGEST_WISH = 2_000;

/** What a model may say of the wish; who is asking comes from the call's context and is not part of it. */
function wishOf(categories: readonly string[]) {
  const word = z.string().max(50).optional();
  return z.object({
    category: word.describe(`One of: ${categories.join(", ")}`),
    query: z.string().max(LONGEST_WISH).optional().describe("The wish in the customer's own words"),
    limit: z.number().int().min(1).max(10).default(3),
    segment: word.describe("Only if the customer said it: student, family, professional, retired, business"),
    age: z.number().int().min(0).max(120).optional().describe("Only if the customer said it"),
    highestRisk: Product.shape.riskLevel
      .optional()
      .describe("Highest acceptable risk class, only if the customer limits it"),
  });
}

/** Recommends by the profile, what the person did before, and the words of the wish. */
export function recommendTool(parts: ToolParts): Tool {
  const { recommender, catalogue, capture, language } = parts;
  const categories = [...new Set([...catalogue.values()].map((product) => product.category))];
  return defineTool({
    ...common,
    name: "recommend_products",
    description:
      "Recommends products that suit the customer, with reasons. Segment, risk profile and history are known to the tool; " +
      "pass what the customer said in this conversation. Never recommends what the customer may not have or what is too risky.",
    input: wishOf(categories),
    slots: {
      category: { entity: "product-kind", ranked: true },
      segment: { entity: "customer-kind", ranked: true },
      highestRisk: { entity: "risk", ranked: true },
      age: { entity: "number" },
    },
    language: language("recommend_products"),
    execute: async ({ category: said, query: written, limit, segment, age, highestRisk }, context) => {
      const query = written ?? ownWish(context);
      const category = said === undefined ? undefined : categoryOf(said, categories);
      // A category that is not in the catalogue is still a word of the wish.
      const words = [query, category === undefined ? said : undefined].filter((part) => part !== undefined).join(" ");
      const hints = hintedCategories(words, categories, parts.kinds);
      const { recommendations: found, modelVersion } = await recommender.forUser(context.person, {
        // A reader of few words may take "no insurance" for a wish of insurance.
        category: category !== undefined && hints.refused.has(category) ? undefined : category,
        ...hints,
        query: words,
        locale: context.locale,
        stated: { segment: segment?.toLowerCase(), age, highestRisk },
        limit,
      });
      const recommendations = toldIn(context, found);
      await capture.note("shown", idsOf(recommendations), context, modelVersion);
      const value = recommendations.map((recommendation) => {
        const product = catalogue.get(recommendation.id);
        return { ...recommendation, ...(product !== undefined && { description: product.description }) };
      });
      return {
        value: { found: value.length > 0, recommendations: value },
        cards: cardsOf(recommendations, context.locale),
        choices: await choicesFor(recommendations, context, parts),
      };
    },
    say: sayRecommendations,
  });
}

/** Where nobody put the wish into words, it is what the person said last. */
function ownWish({ userTexts }: Pick<ToolContext, "userTexts">): string | undefined {
  return userTexts.at(-1)?.slice(0, LONGEST_WISH);
}

function categoryOf(said: string, categories: readonly string[]): string | undefined {
  const key = (text: string): string =>
    text
      .toLowerCase()
      .replaceAll(/[^\p{L}]/gu, "")
      .replace(/s$/, "");
  return categories.find((category) => key(category) === key(said));
}
