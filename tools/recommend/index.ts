/**
 * Product recommendations that learn from what people do, with rules that no model can talk its way around.
 * `catalogue/` what can be recommended; `data/` from interactions to what a model learns from; `ingestion/` how they come
 * in; `lifecycle/` how versions are made; `service/` how they answer; `tools/` and `routes/` who asks.
 */
import type { OpenContext, ToolPackFactory } from "../../core/bot.ts";
import { readSettings } from "../../core/config/check-settings.ts";
import type { OpenRecommender } from "./open-recommender.ts";
import { topicsOf } from "./ingestion/topics.ts";
import { missingForRecommend, type RecommendOptions, Settings, summaryOf } from "./options.ts";

export type { ProductPort } from "./catalogue/product-source.ts";
export type { Summary } from "./lifecycle/summary.ts";
export type { Recommended } from "./service/recommender.ts";
export type { OpenRecommender } from "./open-recommender.ts";
export type { RecommendOptions } from "./options.ts";
export type { Profile } from "./service/profile.ts";

/** The recommender's tools, and what the command line asks of it. */
export interface RecommendPack extends ToolPackFactory {
  readonly openRecommender: (context: OpenContext) => Promise<OpenRecommender>;
}

/**
 * Gives a bot the tools `recommend_products`, `explain_product`, `answer_recommendation`, `allow_learning` and `forbid_learning`. Throws
 * `SettingsError` for wrong settings.
 */
export function recommend(options: RecommendOptions = {}): RecommendPack {
  const settings = readSettings(Settings, options, "recommend");
  return {
    name: "recommend",
    summary: summaryOf(settings),
    missing: (place) => missingForRecommend(settings, place),
    topics: topicsOf,
    tables: async () => (await import("./lifecycle/registry.ts")).keptTables,
    files: [{ name: "models", prefix: "recommender/", keys: /^recommender\/[^/]+\/[^/]+\.model$/u }],
    commands: [{ name: "recommend", description: "Products that suit me", says: "Which product suits me?" }],
    open: async (context) => await (await import("./open-pack.ts")).openPack(settings, options, context),
    openRecommender: async (context) =>
      await (await import("./open-recommender.ts")).openRecommender(settings, options, context),
  };
}

/** Whether a tool pack of a configuration is the recommender. */
export function isRecommendPack(pack: ToolPackFactory): pack is RecommendPack {
  return pack.name === "recommend" && "openRecommender" in pack;
}
