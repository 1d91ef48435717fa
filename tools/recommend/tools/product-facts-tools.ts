/** Tells what the catalogue says; what is asked about is interest in it. */
import { z } from "zod";
import { defineTool } from "../../../core/define-tool.ts";
import type { Tool } from "../../../core/tool.ts";
import { factsOf, sourceOf } from "../catalogue/product-facts.ts";
import { sayProducts } from "./answers.ts";
import { common, idsOf, Name, resolveAll, type ToolParts } from "./parts.ts";

const MOST_PRODUCTS = 5;

/** Tells the facts of products that are named; several are compared. */
export function explainTool(parts: ToolParts): Tool {
  return defineTool({
    ...common,
    name: "explain_product",
    description:
      "Gives the facts of products of the catalogue: risk class, expected return, features, who may have them. Several are set side by side, to compare them.",
    input: z.object({ products: z.array(Name).min(1).max(MOST_PRODUCTS).describe("Names or ids") }),
    slots: { products: { entity: "product", essential: true } },
    language: parts.language("explain_product"),
    execute: async ({ products }, context) => {
      const { found, misses } = resolveAll(parts, products);
      await parts.capture.note(found.length > 1 ? "comparison" : "opened", idsOf(found), context);
      return {
        value: { found: found.length > 0, products: found.map(factsOf), ...misses },
        sources: found.map(sourceOf),
      };
    },
    say: sayProducts,
  });
}
