import type { Command } from "commander";
import { colors } from "../../colors.ts";
import { z } from "zod";
import { ParleyError } from "../../../core/errors.ts";
import type { OpenRecommender, Recommended } from "../../../tools/recommend/index.ts";
import { optionsOf } from "../../options.ts";
import { print, printJson } from "../../output.ts";
import { withRecommender } from "../../runtime/open-recommender.ts";
import { BOT, JSON_OUTPUT, RecommenderOptions } from "./options.ts";

const Options = RecommenderOptions.extend({
  limit: z.coerce.number().int().min(1).max(50),
  category: z.string().optional(),
  session: z.string().optional(),
  similar: z.string().optional(),
});

/** `recommend`: what would be shown now, and why. */
export function addRecommend(group: Command): void {
  group
    .command("recommend")
    .description("shows what would be recommended now, with reasons; records nothing")
    .argument("[user]", "a person in a chat or a customer; default: popular products")
    .option("--session <id>", "by what was done in this visit alone")
    .option("--similar <product>", "products like this one")
    .option("--limit <count>", "how many", "5")
    .option("--category <name>", "only of this category")
    .option(...BOT)
    .option(...JSON_OUTPUT)
    .action(async (user: string | undefined, _options, command: Command) => {
      const options = optionsOf(command, Options);
      await withRecommender(options, async ({ recommender }) => {
        const recommended = await ask(recommender, user, options);
        if (options.json) printJson(recommended);
        else printRecommended(recommended);
      });
    });
}

async function ask(
  recommender: OpenRecommender["recommender"],
  user: string | undefined,
  { session, similar, limit, category }: z.output<typeof Options>,
): Promise<Recommended> {
  if (similar !== undefined) {
    const found = await recommender.similarTo(similar, { limit, category, userId: user });
    if (found === undefined)
      throw new ParleyError("recommender/nothing-asked", `There is no product "${similar}" in the catalogue.`);
    return found;
  }
  if (session !== undefined) return await recommender.forSession(session, { limit, category });
  return user === undefined ? await recommender.popular(limit) : await recommender.forUser(user, { limit, category });
}

function printRecommended({ recommendations, modelVersion }: Recommended): void {
  for (const { rank, id, name, relevanceScore, reason, category, riskLevel } of recommendations) {
    print(
      `${rank}. ${colors.bold(name)} ${colors.dim(`${id}, ${category}, ${riskLevel} risk`)}  ${relevanceScore.toFixed(3)}`,
    );
    print(`   ${reason}`);
  }
  if (recommendations.length === 0)
    print(colors.yellow("Nothing may be recommended here: the rules leave no product."));
  print(colors.dim(`by version ${modelVersion}`));
}
