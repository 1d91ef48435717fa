/** Blind questions to the sample bank's documents: what a right answer holds, and questions that no document answers. */
import { join } from "node:path";
import { z } from "zod";
import { readLines } from "../../cli/evaluation/lines.ts";

const Asked = {
  id: z.string(),
  language: z.enum(["en", "de"]),
  kind: z.string(),
  question: z.string().min(1),
};

export const Answerable = z.strictObject({
  ...Asked,
  /** Files that hold the answer, in `samples/bank/documents`. */
  documents: z.array(z.string()).min(1),
  /** Every fact that must be told, each in its accepted spellings. */
  required: z.array(z.array(z.string().min(1)).min(1)).min(1),
  /** What only a wrong answer says. */
  forbidden: z.array(z.string().min(1)),
  /** As a person would answer. */
  answer: z.string(),
  /** The most words that the answer may have. */
  words: z.number().int().positive().default(60),
});
export type Answerable = z.infer<typeof Answerable>;

export const Unanswerable = z.strictObject({
  ...Asked,
  /** Files that come nearest. */
  near: z.array(z.string()),
  /** Why no document answers it. */
  missing: z.string(),
});
export type Unanswerable = z.infer<typeof Unanswerable>;

export type Case = Answerable | Unanswerable;

/** `open`: anybody may read them. `locked`: only scored, never read nor printed. */
export type Half = "open" | "locked";

/** All cases of a half: those that can be answered, then those that cannot. */
export function readCases(half: Half): readonly Case[] {
  const lines = (schema: z.ZodType<Case>, name: string): readonly Case[] =>
    readLines(schema, join(import.meta.dirname, "cases", half, `${name}.jsonl`)).map(({ row }) => row);
  return [
    ...["answers-1", "answers-2"].flatMap((name) => lines(Answerable, name)),
    ...["none-1", "none-2"].flatMap((name) => lines(Unanswerable, name)),
  ];
}
