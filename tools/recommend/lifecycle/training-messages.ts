/** What goes to a training thread and what comes back. */
import { z } from "zod";
import { Product } from "../catalogue/product.ts";
import { StorePlace } from "../data/interaction-source.ts";
import { Summary } from "./summary.ts";

const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

export const TrainingOrder = z.object({
  version: z.string(),
  /** ISO 8601. */
  now: z.iso.datetime(),
  products: z.array(Product),
  store: StorePlace,
  sampleFile: z.string().optional(),
  /** The version that serves. */
  serving: Bytes.optional(),
});
export type TrainingOrder = z.infer<typeof TrainingOrder>;

export const TrainingNews = z.discriminatedUnion("type", [
  z.object({ type: z.literal("progress"), stage: z.string(), done: z.number(), total: z.number() }),
  z.object({
    type: z.literal("done"),
    bytes: Bytes,
    summary: Summary,
    verdict: z.object({ replace: z.boolean(), why: z.string() }),
  }),
  z.object({ type: z.literal("failed"), code: z.string(), message: z.string() }),
]);
export type TrainingNews = z.infer<typeof TrainingNews>;
