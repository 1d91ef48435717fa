/** What a bot's configuration says of a part of LangChain. */
import { z } from "zod";
import { ToolName } from "../define-tool.ts";
import { type Teaching, TeachingShape } from "../teaching.ts";

const fits =
  (schema: z.ZodType) =>
  (value: unknown): boolean =>
    schema.safeParse(value).success;

export const Options = z
  .strictObject({
    /** What models and configurations call it. @default its own; of a retriever `search_documents` */
    name: ToolName.optional(),
    /** @default its own */
    description: z.string().min(1).optional(),
    /** True where a call changes nothing: it runs without confirmation. A retriever never needs one. */
    readOnly: z.boolean().default(false),
    /** Of what is confirmed: a plain "yes" confirms it where the risk is "low" and nothing else waits. */
    risk: z.enum(["low", "medium", "high"]).optional(),
    /** What a caller must be allowed to do: `private` keeps it out of groups. */
    scopes: z.array(z.string()).default(["public"]),
    /** `public` where the answer depends on nobody, and may be kept for others who ask the same. */
    depends: z.enum(["public", "user"]).default("user"),
    /** Where a value must come from, and how people ask for it: as in `defineTool`. */
    slots: z.custom<NonNullable<Teaching["slots"]>>(fits(TeachingShape.shape.slots)).optional(),
    language: z.custom<NonNullable<Teaching["language"]>>(fits(TeachingShape.shape.language)).optional(),
  })
  .superRefine(({ readOnly, risk }, context) => {
    if (!readOnly || risk === undefined) return;
    context.addIssue({
      code: "custom",
      path: ["risk"],
      message: "is of what is confirmed, and readOnly says that nothing is",
    });
  });
export type LangChainOptions = z.input<typeof Options>;
export type LangChainSettings = z.output<typeof Options> & { readonly name: string };
