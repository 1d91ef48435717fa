import { z } from "zod";

/** Any value that survives `JSON.stringify` and `JSON.parse` unchanged. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Accepts JSON values only: what may travel through the queue or rest in a store. */
export const Json: z.ZodType<Json> = z.json();

/** A JSON object with string keys. */
export const JsonObject = z.record(z.string(), Json);
export type JsonObject = z.infer<typeof JsonObject>;
