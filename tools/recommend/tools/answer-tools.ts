/** Tools that note what a person says of recommendations and of being learned from. */
import { z } from "zod";
import { defineTool } from "../../../core/define-tool.ts";
import type { Tool } from "../../../core/tool.ts";
import type { CaptureSetting } from "../ingestion/consent.ts";
import { saysOfLearning } from "../ingestion/consent-words.ts";
import { sayNoted } from "./answers.ts";
import { choiceTexts } from "./choice-texts.ts";
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

/**
 * Notes that the person agrees to be learned from, or does not: who takes it back is forgotten. Nobody can agree where
 * nothing is learned.
 */
export function consentTools(
  parts: Pick<ToolParts, "consent" | "store" | "language">,
  capture: CaptureSetting,
): readonly Tool[] {
  return CONSENTS.filter(({ allowed }) => !allowed || capture !== "off").map(
    ({ name, allowed, description, summary }) =>
      defineTool({
        ...common,
        name,
        description,
        input: z.object({}),
        confirmation: "unless-said",
        said: (_, text) => saysOfLearning(text, allowed),
        propose: async () => ({ summary }),
        language: parts.language(name),
        execute: async (_, { person }) => ({ value: { allowed, erased: await noteConsent(allowed, person, parts) } }),
        say: (_, { locale }) => {
          const { learns, doesNotLearn } = choiceTexts(locale);
          return allowed ? learns : doesNotLearn;
        },
      }),
  );
}

const CONSENTS = [
  {
    name: "allow_learning",
    allowed: true,
    description:
      "Notes that the customer agrees that recommendations learn from what they look at and choose. Only when the " +
      "customer said so themselves.",
    summary: "Let recommendations learn from what I look at and choose",
  },
  {
    name: "forbid_learning",
    allowed: false,
    description:
      "Notes that the customer does not want recommendations to learn from them, and erases what was learned. Only when " +
      "the customer said so themselves.",
    summary: "Stop learning from me, and erase what was learned",
  },
] as const;
