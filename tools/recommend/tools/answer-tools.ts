/** Tools that note what a person says of recommendations and of being learned from. */
import { z } from "zod";
import { defineTool } from "../../../core/define-tool.ts";
import type { Tool } from "../../../core/tool.ts";
import { saysOfLearning } from "../ingestion/consent-words.ts";
import { sayNoted } from "./answers.ts";
import { common, idsOf, Name, noteConsent, resolveAll, type ToolParts } from "./parts.ts";

/** Notes what a person thinks of a product, so that later recommendations follow it. */
export function answerTool(parts: ToolParts): Tool {
  return defineTool({
    ...common,
    name: "answer_recommendation",
    description:
      "Notes that the customer likes or does not want a recommended product. It opens or buys nothing. A dismissed " +
      "product is not recommended again.",
    input: z.object({ product: Name.describe("Name or id"), answer: z.enum(["dismissed", "accepted"]) }),
    slots: { product: { entity: "product", essential: true }, answer: { entity: "choice", ranked: true } },
    language: parts.language("answer_recommendation"),
    execute: async ({ product, answer }, context) => {
      const { found, misses } = resolveAll(parts, [product]);
      await parts.capture.note(answer, idsOf(found), context);
      return { value: { noted: found.length > 0, answer, products: found.map(({ name }) => name), ...misses } };
    },
    say: sayNoted,
  });
}

/** Notes whether the person agrees to be learned from; who takes it back is forgotten. */
export function consentTool(parts: Pick<ToolParts, "consent" | "store">): Tool {
  return defineTool({
    ...common,
    name: "allow_learning",
    description:
      "Notes whether the customer agrees that recommendations learn from what they look at and choose. Only when the " +
      "customer said so themselves. Taking it back erases what was learned from them.",
    input: z.object({ allowed: z.boolean() }),
    confirmation: "unless-said",
    said: ({ allowed }, text) => saysOfLearning(text, allowed),
    propose: async ({ allowed }) => ({
      summary: allowed
        ? "Let recommendations learn from what I look at and choose"
        : "Stop learning from me, and erase what was learned",
    }),
    execute: async ({ allowed }, { person }) => ({
      value: { allowed, erased: await noteConsent(allowed, person, parts) },
    }),
  });
}
