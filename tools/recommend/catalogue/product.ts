/** The products that can be recommended. */
import { z } from "zod";

/** One product. Sources may have further fields. */
export const Product = z.object({
  id: z.string().min(1).max(200),
  name: z.string().min(1),
  /** What else people call it, in any language. */
  aliases: z.array(z.string().min(1)).optional(),
  category: z.string().min(1),
  /** Who offers it, where there is more than one. */
  institution: z.string().min(1).optional(),
  /** Summary risk indicator: 1 is the lowest class, 7 the highest. */
  riskLevel: z.number().int().min(1).max(7),
  riskLabel: z.enum(["low", "medium", "high"]),
  /** Yearly, as a decimal fraction (0.021 = 2.1 %); null where a product has none. */
  expectedReturn: z.number().nullable(),
  currency: z.string().regex(/^[A-Z]{3}$/),
  description: z.string(),
  url: z.url({ protocol: /^https?$/ }).optional(),
  features: z.array(z.string()).default([]),
  /** Smallest purchase in minor units, or null where there is none. */
  minimumAmountMinor: z.number().int().nullable().default(null),
  eligibility: z
    .object({
      minAge: z.number().int().optional(),
      maxAge: z.number().int().optional(),
      /** Only these segments may have it; without it, all may. */
      segments: z.array(z.string()).min(1).optional(),
    })
    .default({}),
});
export type Product = z.infer<typeof Product>;

/** A whole catalogue. */
export const Products = z.array(Product).min(1);
