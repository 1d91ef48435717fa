import { z } from "zod";
import type { Json } from "../../../core/json.ts";

const Period = z.object({ from: z.string().default(""), to: z.string() });

/** The same said again, or a part of a period: "last weekend, the 14th and 15th". */
export function isWithin(value: Json | undefined, other: Json | undefined): boolean {
  const [part, whole] = [Period.safeParse(value).data, Period.safeParse(other).data];
  if (part !== undefined && whole !== undefined) return part.from >= whole.from && part.to <= whole.to;
  return JSON.stringify(value) === JSON.stringify(other);
}
