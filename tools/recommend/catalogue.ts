/** The products that can be recommended and the interactions that train the model, as JSON files. */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { InvalidInputError, ParleyError, toError } from "../../core/errors.ts";
import { InteractionType } from "./interaction.ts";

/** One product. Files may have further fields. */
export const Product = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  category: z.string().min(1),
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

const Products = z.array(Product).min(1);

const Interactions = z.object({
  users: z.array(z.object({ userId: z.string(), segment: z.string() })),
  interactions: z.array(
    z.object({ userId: z.string(), productId: z.string(), type: InteractionType, timestamp: z.iso.datetime() }),
  ),
});
type Interactions = z.infer<typeof Interactions>;

/** Throws `recommend/unreadable-file` or `recommend/invalid-file` with path, place and fix. */
export async function readProducts(path: string): Promise<readonly Product[]> {
  const products = await readJson(path, Products);
  const ids = new Set<string>();
  for (const { id } of products) {
    if (ids.has(id))
      throw new InvalidInputError("recommend/invalid-file", `${path}: the product id "${id}" is used twice.`);
    ids.add(id);
  }
  return products;
}

/** Throws as `readProducts` does. */
export async function readInteractions(path: string): Promise<Interactions> {
  return await readJson(path, Interactions);
}

async function readJson<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> {
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
