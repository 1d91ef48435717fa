/** Product recommendations from interactions, with rules that no model can talk its way around. */
import { join, resolve } from "node:path";
import { z } from "zod";
import type { OpenContext, OpenToolPack, ToolPackFactory } from "../../core/bot.ts";
import { InvalidInputError } from "../../core/errors.ts";
import { packageDirectory } from "../../core/package-directory.ts";
import { readInteractions, readProducts } from "./catalogue.ts";
import { openInteractionStore } from "./interaction-store.ts";
import { fitModel } from "./model.ts";
import { createNameResolver } from "./name-resolution.ts";
import { createProductText } from "./product-text.ts";
import type { Profile } from "./profile.ts";
import { answerTool, compareTool, explainTool, recommendTool } from "./tools.ts";

export type { Profile } from "./profile.ts";

const Options = z.strictObject({
  /** JSON file of the products, from the directory of `bots.config.ts`. @default the sample bank's */
  products: z.string().min(1).optional(),
  /** JSON file of the interactions that train the model. @default the sample bank's */
  interactions: z.string().min(1).optional(),
});

export interface RecommendOptions extends z.input<typeof Options> {
  /** What is known of a person; undefined for somebody unknown. Segment, age and risk profile decide what is suitable. */
  readonly profileOf?: (person: string) => Promise<Profile | undefined>;
}

/**
 * Gives a bot the tools `recommend_products`, `explain_product`, `compare_products` and `answer_recommendation`. Throws
 * `recommend/invalid-options` with the names of wrong options.
 */
export function recommend(options: RecommendOptions = {}): ToolPackFactory {
  const { profileOf = nobodyIsKnown, ...rest } = options;
  const parsed = Options.safeParse(rest);
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message }));
    throw new InvalidInputError(
      "recommend/invalid-options",
      `recommend({ … }): ${z.prettifyError(parsed.error)}`,
      issues,
    );
  }
  return {
    name: "recommend",
    summary: { ...parsed.data, knowsProfiles: options.profileOf !== undefined },
    open: async (context) => await openPack(parsed.data, profileOf, context),
  };
}

async function nobodyIsKnown(): Promise<undefined> {
  return await Promise.resolve(undefined);
}

async function openPack(
  settings: z.output<typeof Options>,
  profileOf: (person: string) => Promise<Profile | undefined>,
  context: OpenContext,
): Promise<OpenToolPack> {
  const { clock } = context.environment;
  const pathOf = (given: string | undefined, sample: string): string =>
    given === undefined ? join(packageDirectory(), "samples", "bank", sample) : resolve(context.configDirectory, given);
  const products = await readProducts(pathOf(settings.products, "products.json"));
  const { users, interactions } = await readInteractions(pathOf(settings.interactions, "interactions.json"));
  const model = fitModel({ productIds: products.map(({ id }) => id), users, interactions });
  const text = createProductText(products);
  const store = openInteractionStore(join(context.dataDirectory, "recommend.sqlite"), clock);
  const catalogue = { products: new Map(products.map((product) => [product.id, product])), model, text };
  const parts = { catalogue, resolve: createNameResolver(products), store, profileOf, clock };
  const detail = `${products.length} products, ${interactions.length} interactions of ${users.length} users`;
  return {
    tools: [recommendTool(parts), explainTool(parts), compareTool(parts), answerTool(parts)],
    check: async () => await Promise.resolve([{ name: "recommendations", status: "ok", detail }]),
    close: async () => {
      text.close();
      await store.close();
    },
  };
}
