/** The tools of the recommender. Who is asking comes from the call's context, never from its arguments. */
import { z } from "zod";
import { defineTool } from "../../core/define-tool.ts";
import type { Clock } from "../../core/environment.ts";
import type { Json } from "../../core/json.ts";
import type { Tool, ToolContext } from "../../core/tool.ts";
import type { Product } from "./catalogue.ts";
import { hintedCategories } from "./category-hints.ts";
import type { InteractionType } from "./interaction.ts";
import type { InteractionStore } from "./interaction-store.ts";
import type { Resolved } from "./name-resolution.ts";
import { eligibilityInWords, factsOf, sourceOf } from "./product-facts.ts";
import { situationOf, type Profile } from "./profile.ts";
import { recommendProducts, type Catalogue } from "./recommender.ts";

export interface ToolParts {
  readonly catalogue: Catalogue;
  readonly resolve: (said: string) => Resolved;
  readonly store: InteractionStore;
  readonly profileOf: (person: string) => Promise<Profile | undefined>;
  readonly clock: Clock;
}

type CallContext = ToolContext & { readonly idempotencyKey: string };

const Name = z.string().min(1).max(200);
const common = { risk: "low", confirmation: "never", scopes: ["public"], depends: "user" } as const;

/** What a model may say of the wish; who is asking is not part of it. */
function wishOf(categories: readonly string[]) {
  return z.object({
    category: z
      .string()
      .max(50)
      .optional()
      .describe(`One of: ${categories.join(", ")}`),
    query: z.string().max(2000).optional().describe("The wish in the customer's own words"),
    limit: z.number().int().min(1).max(10).default(3),
    segment: z
      .string()
      .max(50)
      .optional()
      .describe("Only if the customer said it: student, family, professional, retired, business"),
    age: z.number().int().min(0).max(120).optional().describe("Only if the customer said it"),
    highestRisk: z
      .number()
      .int()
      .min(1)
      .max(7)
      .optional()
      .describe("Highest acceptable risk class, only if the customer limits it"),
  });
}

/** Recommends by the profile, what the person did before, and the words of the wish. */
export function recommendTool({ catalogue, store, profileOf, clock }: ToolParts): Tool {
  const categories = [...new Set([...catalogue.products.values()].map((product) => product.category))];
  return defineTool({
    ...common,
    name: "recommend_products",
    description:
      "Recommends products that suit the customer, with reasons. Segment, risk profile and history are known to the tool; " +
      "pass what the customer said in this conversation. Never recommends what the customer may not have or what is too risky.",
    input: wishOf(categories),
    execute: async ({ category: said, query, limit, segment, age, highestRisk }, context) => {
      const category = said === undefined ? undefined : categoryOf(said, categories);
      const profile = (await profileOf(context.person)) ?? {};
      const history = store.history(context.person);
      const known = { year: new Date(clock()).getUTCFullYear(), dismissed: lastDismissed(history) };
      const situation = situationOf(profile, { segment: segment?.toLowerCase(), age, highestRisk }, known);
      // A category that is not in the catalogue is still a word of the wish.
      const words = [query, category === undefined ? said : undefined].filter((part) => part !== undefined).join(" ");
      const hinted = hintedCategories(words, categories);
      const request = { situation, history, category, hinted, query: words, limit };
      const recommendations = recommendProducts(catalogue, request);
      await record(
        store,
        context,
        recommendations.map(({ id }) => ({ productId: id, type: "shown" })),
      );
      const value = recommendations.map((recommendation) => {
        const product = catalogue.products.get(recommendation.id);
        return { ...recommendation, ...(product !== undefined && { description: product.description }) };
      });
      return { value: { found: value.length > 0, recommendations: value }, recommendations };
    },
  });
}

/** Tells the facts of products that are named. */
export function explainTool(parts: ToolParts): Tool {
  return defineTool({
    ...common,
    name: "explain_product",
    description:
      "Gives the facts of one or more products of the catalogue: risk class, expected return, features, who may have them.",
    input: z.object({ products: z.array(Name).min(1).max(5).describe("Names or ids") }),
    execute: async ({ products }, context) => {
      const named = resolveAll(parts, products);
      await record(parts.store, context, acts(named.found, "view"));
      return {
        value: { found: named.found.length > 0, products: named.found.map(factsOf), ...named.misses },
        sources: named.found.map(sourceOf),
      };
    },
  });
}

/** Sets products side by side. */
export function compareTool(parts: ToolParts): Tool {
  return defineTool({
    ...common,
    name: "compare_products",
    description: "Compares two to five products of the catalogue, property by property.",
    input: z.object({ products: z.array(Name).min(2).max(5).describe("Names or ids") }),
    execute: async ({ products }, context) => {
      const { found, misses } = resolveAll(parts, products);
      await record(parts.store, context, acts(found, "comparison"));
      const row = (property: string, value: (product: Product) => Json): Json => ({
        property,
        values: found.map(value),
      });
      return {
        value: {
          found: found.length > 1,
          products: found.map(factsOf),
          rows: [
            row("category", (product) => product.category),
            row("risk class (1–7)", (product) => product.riskLevel),
            row("expected return a year", (product) => product.expectedReturn),
            row("smallest amount in cents", (product) => product.minimumAmountMinor),
            row("who may have it", eligibilityInWords),
            row("features", (product) => product.features),
          ],
          ...misses,
        },
        sources: found.map(sourceOf),
      };
    },
  });
}

/** Notes what a person thinks of a product, so that later recommendations follow it. */
export function answerTool(parts: ToolParts): Tool {
  return defineTool({
    ...common,
    name: "answer_recommendation",
    description:
      "Notes that the customer likes or does not want a recommended product. It opens or buys nothing. A dismissed " +
      "product is not recommended again.",
    input: z.object({ product: Name.describe("Name or id"), answer: z.enum(["accepted", "dismissed"]) }),
    execute: async ({ product, answer }, context) => {
      const { found, misses } = resolveAll(parts, [product]);
      await record(parts.store, context, acts(found, answer));
      return { value: { noted: found.length > 0, products: found.map(({ name }) => name), ...misses } };
    },
  });
}

function resolveAll({ resolve }: ToolParts, names: readonly string[]) {
  const resolved = names.map((name) => ({ name, result: resolve(name) }));
  const found = new Map(
    resolved.flatMap(({ result }) => (result.kind === "found" ? [[result.product.id, result.product]] : [])),
  );
  const unknown = resolved.flatMap(({ name, result }) => (result.kind === "unknown" ? [name] : []));
  const ambiguous = resolved.flatMap(({ name, result }) =>
    result.kind === "ambiguous" ? [{ name, candidates: result.candidates.map((candidate) => candidate.name) }] : [],
  );
  return { found: [...found.values()], misses: { unknown, ambiguous } };
}

function acts(products: readonly Product[], type: InteractionType) {
  return products.map(({ id }) => ({ productId: id, type }));
}

async function record(
  store: InteractionStore,
  { person, idempotencyKey }: CallContext,
  entries: Parameters<InteractionStore["record"]>[2],
): Promise<void> {
  if (entries.length > 0) await store.record(person, idempotencyKey, entries);
}

/** Somebody may change their mind: the last answer counts. */
function lastDismissed(history: ReturnType<InteractionStore["history"]>): ReadonlySet<string> {
  const answers = new Map<string, InteractionType>();
  for (const { productId, type } of history)
    if (type === "accepted" || type === "dismissed") answers.set(productId, type);
  return new Set([...answers].flatMap(([productId, type]) => (type === "dismissed" ? [productId] : [])));
}

function categoryOf(said: string, categories: readonly string[]): string | undefined {
  const key = (text: string): string =>
    text
      .toLowerCase()
      .replaceAll(/[^\p{L}]/gu, "")
      .replace(/s$/, "");
  return categories.find((category) => key(category) === key(said));
}
