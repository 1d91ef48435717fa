import { z } from "zod";

/** Any value that survives `JSON.stringify` and `JSON.parse` unchanged. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Accepts JSON values only: what may travel through the queue or rest in a store. */
export const Json: z.ZodType<Json> = z.json();

/** Deeper values are nobody's data: reading them would use up the stack. */
const MAX_DEPTH = 64;

/** Whether a parsed value is nested deeper than anything that is read here. Needs no stack of its own. */
export function isTooDeep(value: unknown): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; depth <= MAX_DEPTH; depth += 1) {
    level = level.flatMap((one) => (typeof one === "object" && one !== null ? Object.values(one) : []));
    if (level.length === 0) return false;
  }
  return true;
}

/** A JSON object with string keys. */
export const JsonObject = z.record(z.string(), Json);
export type JsonObject = z.infer<typeof JsonObject>;
