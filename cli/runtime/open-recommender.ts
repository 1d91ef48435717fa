import type { BotConfig, OpenContext, OpenToolPack } from "../../core/bot.ts";
import { type LoadedConfig, loadConfig } from "../../core/config/index.ts";
import { ParleyError } from "../../core/errors.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import type { Topics } from "../../core/topics/topics.ts";
import { isRecommendPack, type OpenRecommender, type RecommendPack } from "../../tools/recommend/index.ts";
import { dataDirectoryOf } from "./data-directory.ts";
import { openDatabases } from "./open-databases.ts";
import { openSealedFiles } from "./open-files.ts";
import { openNetwork } from "./open-network.ts";
import { openStore } from "./open-store.ts";
import { openTopics } from "./open-topics.ts";
import { systemEnvironment } from "./system-environment.ts";

export interface RecommenderDesk extends OpenRecommender {
  readonly bot: string;
  readonly topics: Topics;
}

/**
 * Opens the recommender of a bot beside a running server, with what its profiles come from, does the work and closes all.
 * Throws `recommender/no-bot` when it is not clear whose.
 */
export async function withRecommender<Result>(
  { config: file, bot: wanted }: { readonly config: string; readonly bot?: string | undefined },
  work: (desk: RecommenderDesk) => Promise<Result>,
): Promise<Result> {
  const loaded = await loadConfig(file);
  const { bot, pack } = recommendingBot(loaded, wanted);
  const closers: (() => Promise<void>)[] = [];
  try {
    const parts = { environment: systemEnvironment(), telemetry: silentTelemetry };
    const databases = await openDatabases(loaded);
    closers.push(databases.close);
    const files = await openSealedFiles(loaded, await openNetwork(loaded), databases.sealing);
    closers.push(files.close);
    const store = await openStore(databases);
    closers.push(store.close);
    const topics = await openTopics(loaded, parts);
    closers.push(topics.close);
    const { id, name, locale, timeZone } = bot;
    const context: OpenContext = {
      ...parts,
      bot: { id, name, locale, timeZone },
      store,
      databases,
      files,
      dataDirectory: dataDirectoryOf(loaded),
      configDirectory: loaded.directory,
    };
    for (const neighbour of await openNeighbours(bot, context)) closers.push(neighbour.close);
    const opened = await pack.openRecommender(context);
    closers.push(opened.close);
    return await work({ ...opened, bot: id, topics });
  } finally {
    for (const close of closers.toReversed()) await close();
  }
}

/** The bank may know who asks; documents have nothing to say here and take long to open. */
async function openNeighbours(bot: BotConfig, context: OpenContext): Promise<readonly OpenToolPack[]> {
  const neighbours = bot.tools.filter((pack) => !isRecommendPack(pack) && pack.name !== "documents");
  return await Promise.all(neighbours.map(async (pack) => await pack.open(context)));
}

function recommendingBot(
  { config, file }: LoadedConfig,
  wanted: string | undefined,
): { readonly bot: BotConfig; readonly pack: RecommendPack } {
  const found = Object.values(config.bots).flatMap((bot) =>
    bot.tools.filter(isRecommendPack).map((pack) => ({ bot, pack })),
  );
  const names = found.map(({ bot }) => bot.id).join(", ");
  const refuse = (message: string): ParleyError => new ParleyError("recommender/no-bot", message);
  if (found.length === 0) throw refuse(`No bot of ${file} has recommend() among its tools.`);
  const chosen = wanted === undefined ? found : found.filter(({ bot }) => bot.id === wanted);
  const [one] = chosen;
  if (one === undefined) throw refuse(`No bot "${wanted}" recommends. These do: ${names}.`);
  if (chosen.length > 1) throw refuse(`Several bots recommend: ${names}. Name one with --bot.`);
  return one;
}
