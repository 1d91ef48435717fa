/** Tools that tell what the catalogue says; what is asked about is interest in it. */
import { z } from "zod";
import { defineTool } from "../../../core/define-tool.ts";
import type { Json } from "../../../core/json.ts";
import type { Tool } from "../../../core/tool.ts";
import type { Product } from "../catalogue/product.ts";
import { eligibilityInWords, factsOf, sourceOf } from "../catalogue/product-facts.ts";
import { common, idsOf, Name, resolveAll, type ToolParts } from "./parts.ts";

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
      await parts.capture.note("opened", idsOf(named.found), context);
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
      await parts.capture.note(found.length > 1 ? "comparison" : "opened", idsOf(found), context);
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
