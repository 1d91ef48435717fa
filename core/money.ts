import { z } from "zod";

/** Money is always an integer of minor units with its currency, never a float. */
export const Money = z.object({
  minor: z.number().int().safe(),
  currency: z.string().regex(/^[A-Z]{3}$/),
});
export type Money = z.infer<typeof Money>;
