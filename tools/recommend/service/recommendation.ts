import { z } from "zod";

/** A product that is recommended, as programs get it. */
export const Recommendation = z.object({
  id: z.string(),
  name: z.string(),
  category: z.string(),
  riskLevel: z.enum(["low", "medium", "high"]),
  /** Yearly, as a decimal fraction (0.021 = 2.1 %); null where a product has none. */
  expectedReturn: z.number().nullable(),
  /** 0..1. */
  relevanceScore: z.number().min(0).max(1),
  rank: z.number().int().positive(),
  reason: z.string(),
});
export type Recommendation = z.infer<typeof Recommendation>;
