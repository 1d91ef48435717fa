import { describeError } from "../errors.ts";
import { maskText } from "../privacy/mask-text.ts";

/** Nothing that is logged lies deeper; what refers to itself ends here. */
const MOST_LEVELS = 6;

/** The same fields with all texts masked, at any depth. An error becomes its description. */
export function maskFields(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, masked(value, 1)]));
}

function masked(value: unknown, level: number): unknown {
  if (typeof value === "string") return maskText(value);
  if (value instanceof Error) return maskText(describeError(value));
  if (typeof value !== "object" || value === null || level === MOST_LEVELS) return value;
  if (Array.isArray(value)) return value.map((one) => masked(one, level + 1));
  if ("toJSON" in value) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, masked(inner, level + 1)]));
}
