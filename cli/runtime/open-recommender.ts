import type { BotConfig, OpenContext, OpenToolPack } from "../../core/bot.ts";
import { type LoadedConfig, loadConfig } from "../../core/config/index.ts";
import { ParleyError } from "../../core/errors.ts";
import type { Topics } from "../../core/topics/topics.ts";
import { isRecommendPack, type OpenRecommender, type RecommendPack } from "../../tools/recommend/index.ts";
import { besideServer } from "./beside-server.ts";
import { dataDirectoryOf } from "./data-directory.ts";
import { openTopics } from "./open-topics.ts";
import { openWebhooks } from "./open-webhooks.ts";

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
  return await besideServer(loaded, async (parts, closers) => {
    const topics = await openTopics(loaded, parts);
    closers.push(topics.close);
    const { webhooks, announce } = await openWebhooks({ loaded, ...parts, topics });
    closers.push(webhooks.close);
    const { id, name, locale, timeZone } = bot;
    const context: OpenContext = {
      ...parts,
      bot: { id, name, locale, timeZone },
      dataDirectory: dataDirectoryOf(loaded),
      configDirectory: loaded.directory,
      // A server delivers it, now or once one runs.
      announce: async (news) => await announce(id, news),
    };
    for (const neighbour of await openNeighbours(bot, context)) closers.push(neighbour.close);
    const opened = await pack.openRecommender(context);
    closers.push(opened.close);
    return await work({ ...opened, bot: id, topics });
  });
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
