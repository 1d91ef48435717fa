/** What `recommend({ … })` accepts. */
import { z } from "zod";
import { Secret, SecretReference } from "../../core/config/secret.ts";
import { InvalidInputError } from "../../core/errors.ts";
import type { ProductPort } from "./catalogue/product-source.ts";
import { CaptureSetting } from "./ingestion/consent.ts";
import type { Profile } from "./service/profile.ts";

const Settings = z.strictObject({
  /** JSON file of the products, from the directory of `bots.config.ts`. @default the sample bank's */
  products: z.string().min(1).optional(),
  /** JSON file of interactions that the model begins with; false: none. @default the sample bank's, with its products */
  interactions: z.union([z.string().min(1), z.literal(false)]).optional(),
  /**
   * Whether the bot learns from what people do in its chats: `off`, `on`, or `consented` (from those who said yes). What
   * somebody answers to a recommendation is kept for their own next ones in any case.
   */
  capture: CaptureSetting.default("off"),
  /** Where interactions are kept. MongoDB's address is a secret: `{ kind: "mongodb", url: env("MONGODB_URI") }`. */
  store: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("sqlite") }),
      z.strictObject({
        kind: z.literal("mongodb"),
        url: z.union([z.instanceof(SecretReference), z.instanceof(Secret)]),
        collection: z.string().min(1).default("interactions"),
      }),
    ])
    .default({ kind: "sqlite" }),
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
});

export type RecommendSettings = z.output<typeof Settings>;

export interface RecommendOptions extends z.input<typeof Settings> {
  /** What is known of a person; undefined for somebody unknown. Segment, age and risk profile decide what is suitable. */
  readonly profileOf?: (person: string) => Promise<Profile | undefined>;
  /** The bank's product system, instead of a file: its catalogue, and current details in batches. */
  readonly productsFrom?: ProductPort;
}

/** Throws `recommend/invalid-options` with the names of wrong options. */
export function parseOptions({
  profileOf: _profileOf,
  productsFrom: _productsFrom,
  ...rest
}: RecommendOptions): RecommendSettings {
  const parsed = Settings.safeParse(rest);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message }));
  throw new InvalidInputError(
    "recommend/invalid-options",
    `recommend({ … }): ${z.prettifyError(parsed.error)}`,
    issues,
  );
}

/** What `parley plan` compares and prints. */
export function summaryOf(settings: RecommendSettings, options: RecommendOptions): Readonly<Record<string, unknown>> {
  const { store, ...rest } = settings;
  return {
    ...rest,
    store: store.kind,
    knowsProfiles: options.profileOf !== undefined,
    productsFrom: options.productsFrom === undefined ? "file" : "bank",
  };
}
