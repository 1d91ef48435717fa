/** Requests that an admin teaches a bot in its configuration. */
import { z } from "zod";
import { Json } from "./json.ts";

const Example = z.string().trim().min(1, "is empty").max(500);
const Answer = z.union([z.string().min(1), z.record(z.string(), z.string().min(1))]);

const WHAT = ["answer", "tool", "documents"] as const;

/** One kind of request: sentences that ask for it, and what is done about it. */
export const Intent = z
  .strictObject({
    /** How people ask for it, in any of the bot's languages; different words are understood better than many. */
    examples: z.array(Example).min(1, "needs at least one sentence"),
    /** What is answered, in Markdown, or by language tag (`default` where the tag has none). */
    answer: Answer.describe("a text, or texts by language").optional(),
    /** The tool that is called. */
    tool: z.string().min(1).describe('the name of a tool, such as "get_forecast"').optional(),
    /** What the tool is called with besides what stands in the words. */
    input: z.record(z.string(), Json).optional(),
    /** Answered from the bot's documents. */
    documents: z.literal(true).optional(),
  })
  .superRefine((intent, context) => {
    const given = WHAT.filter((what) => intent[what] !== undefined);
    const message =
      given.length === 0
        ? "needs answer, tool or documents: true"
        : `has ${given.join(" and ")}: one of them is enough`;
    if (given.length !== 1) context.addIssue({ code: "custom", message });
    if (intent.input !== undefined && intent.tool === undefined)
      context.addIssue({ code: "custom", path: ["input"], message: "is what a tool is called with: name the tool" });
  });
export type Intent = z.infer<typeof Intent>;

/** By a name for each. */
export const Intents = z.record(z.string().min(1).max(64), Intent);
export type Intents = Readonly<Record<string, Readonly<Intent>>>;
