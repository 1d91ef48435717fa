import { readFile } from "node:fs/promises";
import type { z } from "zod";
import { InvalidInputError, ParleyError, toError } from "../../../core/errors.ts";
import { Products, type Product } from "./product.ts";

/** Throws `recommend/unreadable-file` or `recommend/invalid-file` with path, place and fix. */
export async function readProducts(path: string): Promise<readonly Product[]> {
  const products = await readJsonFile(path, Products);
  const ids = new Set<string>();
  for (const { id } of products) {
    if (ids.has(id))
      throw new InvalidInputError("recommend/invalid-file", `${path}: the product id "${id}" is used twice.`);
    ids.add(id);
  }
  return products;
}

/** Reads a JSON file of this shape. Throws as `readProducts` does. */
export async function readJsonFile<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, "utf8"));
  } catch (thrown) {
    const cause = toError(thrown);
    const message = `${path} cannot be read as JSON (${cause.message}). Check the path in recommend({ … }).`;
    throw new ParleyError("recommend/unreadable-file", message, { cause });
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 10);
  const places = issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ");
  throw new InvalidInputError("recommend/invalid-file", `${path} has another shape than expected: ${places}`);
}
