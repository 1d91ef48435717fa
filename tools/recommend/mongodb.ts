import type { RecommendOptions } from "./options.ts";

type InteractionPlace = NonNullable<RecommendOptions["store"]>;
type MongodbOptions = Omit<Extract<InteractionPlace, { readonly kind: "mongodb" }>, "kind">;

/** Interactions in MongoDB: `recommend({ store: mongodb({ url: env("MONGODB_URI") }) })`. */
export function mongodb(options: MongodbOptions): InteractionPlace {
  return { kind: "mongodb", ...options };
}
