import { z } from "zod";

const Interval = z.object({ mean: z.number(), low: z.number(), high: z.number() });

/** What is known of a version without loading it into anybody's head: where it came from and how good it was. */
export const Summary = z.object({
  /** `v0007`. */
  version: z.string(),
  trainedAt: z.iso.datetime(),
  /** The kind of model that was chosen, and why. */
  model: z.string(),
  why: z.string(),
  warnings: z.array(z.string()),
  people: z.int(),
  products: z.int(),
  /** What was read, kept and left out. */
  cleaning: z.record(z.string(), z.number()),
  /** Each candidate's figures on what people did last, by name of metric. */
  candidates: z.array(z.object({ name: z.string(), verdict: z.string(), metrics: z.record(z.string(), Interval) })),
  seconds: z.number(),
});
export type Summary = z.infer<typeof Summary>;
