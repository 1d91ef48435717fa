import { z } from "zod";
import { refuse } from "./api-error.ts";

/** Keywords the constrained decoder does not know, by the type they belong to. */
const UNSUPPORTED: Readonly<Record<string, readonly string[]>> = {
  string: ["minLength", "maxLength"],
  number: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
  integer: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
  array: ["maxItems", "uniqueItems", "contains"],
};

const Schema = z.looseObject({
  type: z.union([z.string().transform((type) => [type]), z.array(z.string())]).default([]),
  properties: z.record(z.string(), z.unknown()).default({}),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).default([]),
  allOf: z.array(z.unknown()).default([]),
  $defs: z.record(z.string(), z.unknown()).default({}),
});

/** Refuses what strict tools and `output_config.format` cannot enforce. `at` is the path for the message. */
export function validateStructuredSchema(schema: unknown, at: string): void {
  const read = Schema.safeParse(schema);
  if (!read.success) refuse(`${at}: Schema is invalid`);
  const { type: types, properties, items, anyOf, allOf, $defs } = read.data;
  if (types.includes("object") && read.data["additionalProperties"] !== false) {
    refuse(`${at}: For 'object' type, 'additionalProperties' must be explicitly set to false`);
  }
  for (const type of types) {
    const keyword = (UNSUPPORTED[type] ?? []).find((name) => name in read.data);
    if (keyword !== undefined) refuse(`${at}: For '${type}' type, property '${keyword}' is not supported`);
  }
  const inner = [...Object.values(properties), ...Object.values($defs), ...anyOf, ...allOf];
  for (const child of items === undefined ? inner : [...inner, items]) validateStructuredSchema(child, at);
}
