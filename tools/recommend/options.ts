/** What `recommend({ … })` accepts. */
import { z } from "zod";
import type { ConfigPlace } from "../../core/bot.ts";
import type { ConfigIssue } from "../../core/config/config-error.ts";
import { missingPackages } from "../../core/config/missing-package.ts";
import { missingPath } from "../../core/config/missing-path.ts";
import { resolveSecret, SecretReference, secretOrReference } from "../../core/config/secret.ts";
import type { ProductPort } from "./catalogue/product-source.ts";
import { CaptureSetting } from "./ingestion/consent.ts";
import type { Profile } from "./service/profile.ts";

export const Settings = z.strictObject({
  /** JSON file of the products, from the directory of `bots.config.ts`. @default the sample bank's */
  products: z.string().min(1).optional(),
  /** JSON file of interactions that the model begins with; false: none. @default the sample bank's, with its products */
  interactions: z.union([z.string().min(1), z.literal(false)]).optional(),
  /**
   * Whether the bot learns from what people do in its chats: `off`, `on`, or `consented` (from those who said yes). What
   * somebody answers to a recommendation is kept for their own next ones in any case.
   */
  capture: CaptureSetting.default("off"),
  /**
   * Where interactions are kept, if not where the installation keeps everything (`store` of the configuration):
   * `mongodb({ url: env("MONGODB_URI") })`.
   */
  store: z
    .strictObject({
      kind: z.literal("mongodb"),
      url: secretOrReference(),
      collection: z.string().min(1).default("interactions"),
    })
    .optional(),
  /** What is never recommended to anybody. */
  exclude: z
    .strictObject({ products: z.array(z.string()).default([]), categories: z.array(z.string()).default([]) })
    .prefault({}),
  /** When a new version is trained: after so many hours, or so many new interactions. */
  refresh: z
    .strictObject({
      everyHours: z.number().positive().default(24),
      newInteractions: z.number().int().positive().default(1_000),
    })
    .prefault({}),
  /** How long interactions are kept. */
  keepDays: z.number().int().positive().default(400),
  /** What is known of a person; undefined for somebody unknown. Segment, age and risk profile decide what is suitable. */
  profileOf: z
    .custom<(person: string) => Promise<Profile | undefined>>((value) => typeof value === "function")
    .describe("a function, such as the profileOf of bank()")
    // An undefined one is a misspelt `accounts.profilOf`.
    .exactOptional(),
  /** The bank's product system, instead of a file: its catalogue, and current details in batches. */
  productsFrom: z
    .custom<ProductPort>((value) => typeof value === "object" && value !== null && "list" in value)
    .describe("a product system with list()")
    .optional(),
});

export type RecommendSettings = z.output<typeof Settings>;
export type RecommendOptions = z.input<typeof Settings>;

/** Files that are not there, a package that is not installed, and a database's address that is not set. */
export function missingForRecommend(settings: RecommendSettings, place: ConfigPlace): readonly ConfigIssue[] {
  const { products, interactions, store } = settings;
  const { directory } = place;
  const issues: ConfigIssue[] = [...missingPackages("recommend()", ["parleyjs-recommender"])];
  if (store !== undefined) issues.push(...missingPackages("MongoDB", ["mongodb"], "store"));
  if (store?.url instanceof SecretReference) {
    resolveSecret(store.url, place, (issue) => issues.push({ path: "store.url", ...issue }));
  }
  const files = { products, interactions };
  for (const [setting, path] of Object.entries(files)) {
    if (typeof path === "string") issues.push(...missingPath("file", path, setting, directory));
  }
  return issues;
}

/** What `parley plan` compares and prints. */
export function summaryOf(settings: RecommendSettings): Readonly<Record<string, unknown>> {
  const { store, profileOf, productsFrom, ...rest } = settings;
  return {
    ...rest,
    ...(store !== undefined && { store: store.kind }),
    knowsProfiles: profileOf !== undefined,
    productsFrom: productsFrom === undefined ? "file" : "bank",
  };
}
