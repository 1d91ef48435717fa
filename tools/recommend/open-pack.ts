/** The recommender as a bot's tools, endpoints and background work. */
import type { OpenContext, OpenToolPack } from "../../core/bot.ts";
import type { Check } from "../../core/check.ts";
import type { HttpRoute } from "../../core/http.ts";
import { createNameResolver } from "./catalogue/name-resolution.ts";
import { batchRoute } from "./ingestion/batch-route.ts";
import { createCapture } from "./ingestion/capture.ts";
import { startConsuming } from "./ingestion/consume.ts";
import { startBackground } from "./lifecycle/background.ts";
import { type OpenRecommender, openRecommender } from "./open-recommender.ts";
import type { RecommendOptions, RecommendSettings } from "./options.ts";
import { lifecycleRoutes } from "./routes/lifecycle-routes.ts";
import { recommendationRoutes } from "./routes/recommendation-routes.ts";
import { answerTool, consentTools } from "./tools/answer-tools.ts";
import { answerChoice, answerSaid } from "./tools/choices.ts";
import type { ToolParts } from "./tools/parts.ts";
import { explainTool } from "./tools/product-facts-tools.ts";
import { noteReaction } from "./tools/reactions.ts";
import { recommendTool } from "./tools/recommend-products.ts";
import { catalogueEntities } from "./entities.ts";
import { productLanguage } from "./language.ts";

/** Opens the pack of one bot. */
export async function openPack(
  settings: RecommendSettings,
  options: RecommendOptions,
  context: OpenContext,
): Promise<OpenToolPack> {
  const opened = await openRecommender(settings, options, context);
  const { recommender, refresher, serving, store, consent, catalogue, forget } = opened;
  const { bot, environment, telemetry, topics } = context;
  const { clock } = environment;
  const profileOf = options.profileOf ?? (async () => undefined);
  const capture = createCapture({ bot: bot.id, store, consent, profileOf, clock, telemetry });
  const { requests, tools: spoken, names } = await productLanguage();
  const parts: ToolParts = {
    recommender,
    catalogue,
    resolve: createNameResolver([...catalogue.values()]),
    capture,
    consent,
    store,
    language: (tool) => spoken[tool] ?? {},
    kinds: names["product-kind"] ?? {},
  };
  const following = serving.follow();

  return {
    isRegulated: true,
    requests: async () => requests,
    entities: catalogueEntities([...catalogue.values()], names),
    tools: [recommendTool(parts), explainTool(parts), answerTool(parts), ...consentTools(parts, settings.capture)],
    routes: byBot(bot.id, [
      ...recommendationRoutes(recommender, clock),
      ...lifecycleRoutes(refresher, { forget, log: telemetry.log }),
      batchRoute({ bot: bot.id, topics, store, clock }),
    ]),
    work: () => startWork(opened, settings, context),
    chosen: async (choice, called) => await answerChoice(choice, called, parts),
    said: async (text, called) => await answerSaid(text, called, parts),
    reacted: async (reaction, called) => await noteReaction(reaction, called, capture),
    kept: opened.kept,
    forget: async (person) => void (await forget(person)),
    check: async () => await checksOf(opened),
    close: async () => {
      await following.close();
      await opened.close();
    },
  };
}

const BASE = "/api/v1/recommendations/";

/** Each call under the bot's own address; and under the short one, for whoever has one bot that recommends. */
function byBot(bot: string, routes: readonly HttpRoute[]): readonly HttpRoute[] {
  return routes.flatMap((route) => {
    const named = `/api/v1/bots/${bot}/recommendations/${route.path.slice(BASE.length)}`;
    return [
      { ...route, bot, sharedBy: { bot, named } },
      { ...route, bot, path: named },
    ];
  });
}

function startWork(
  { refresher, serving, versions, store }: OpenRecommender,
  { refresh, keepDays }: RecommendSettings,
  { bot, environment, telemetry, topics }: OpenContext,
) {
  const background = startBackground({
    refresher,
    serving,
    versions,
    store,
    ...refresh,
    keepDays,
    clock: environment.clock,
    log: telemetry.log,
  });
  const consuming = topics === undefined ? undefined : startConsuming(topics, store, bot.id);
  return {
    close: async (graceMs?: number) => {
      await Promise.all([background.close(graceMs), consuming?.close(graceMs)]);
    },
  };
}

async function checksOf({ serving, versions, store, catalogue }: OpenRecommender): Promise<readonly Check[]> {
  const summary = (await serving.bundle())?.summary;
  const model =
    summary === undefined ? "no model yet" : `${summary.version} (${summary.model}) of ${summary.people} people`;
  const detail = `${catalogue.size} products, ${model}`;
  const current = await versions.current();
  const check: Check =
    current === undefined || current === summary?.version
      ? { name: "recommendations", status: "ok", detail }
      : {
          name: "recommendations",
          status: "warning",
          detail: `${detail}; ${current} cannot be read from ${versions.place}`,
          remedy: "Train again: parley recommender train",
        };
  return [check, ...(await store.check())];
}
