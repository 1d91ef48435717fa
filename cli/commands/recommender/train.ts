import type { Command } from "commander";
import { colors } from "../../colors.ts";
import { z } from "zod";
import { optionsOf } from "../../options.ts";
import { print, printJson } from "../../output.ts";
import { progressBar } from "../../progress.ts";
import { withRecommender } from "../../runtime/open-recommender.ts";
import { BOT, JSON_OUTPUT, RecommenderOptions } from "./options.ts";

/** `train`: a new version, now. */
export function addTrain(group: Command): void {
  group
    .command("train")
    .description(
      "trains a new version from all interactions; it becomes active if it is at least as good as the active one",
    )
    .option(...BOT)
    .option("--force", "puts it in place whatever the comparison says")
    .option(...JSON_OUTPUT)
    .action(async (_options, command: Command) => {
      const options = optionsOf(command, RecommenderOptions.extend({ force: z.boolean().default(false) }));
      await withRecommender(options, async ({ refresher }) => {
        const bar = progressBar();
        const refreshed = await refresher
          .refresh({ force: options.force, onProgress: ({ stage, done, total }) => bar.show(stage, done, total) })
          .finally(bar.clear);
        if (options.json) return printJson(refreshed);
        const { version, replaced, why, summary } = refreshed;
        print(
          `${replaced ? colors.green(`${version} serves now`) : colors.yellow(`${version} was kept aside`)}: ${why}.`,
        );
        print(`It is ${colors.bold(summary.model)}, trained in ${summary.seconds.toFixed(1)} s. ${summary.why}`);
        const { read = 0, kept = 0, ...left } = summary.cleaning;
        print(`${read} interactions were read, ${kept} used${leftOut(left)}.`);
        for (const warning of summary.warnings) print(colors.yellow(warning));
        return undefined;
      });
    });
}

const LEFT_OUT: Readonly<Record<string, string>> = {
  bots: "of bots",
  duplicates: "duplicates",
  impossibleTimes: "at impossible times",
  impossibleViews: "with impossibly long views",
  unknownProducts: "with products that are not in the catalogue",
};

function leftOut(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(LEFT_OUT).flatMap(([name, words]) =>
    (counts[name] ?? 0) > 0 ? [`${counts[name]} ${words}`] : [],
  );
  return parts.length === 0 ? "" : `; ${parts.join(", ")}`;
}
