import type { Command } from "commander";
import { colors } from "../../colors.ts";
import type { VersionCount } from "../../../core/store/interactions/index.ts";
import type { OpenRecommender, Summary } from "../../../tools/recommend/index.ts";
import { optionsOf } from "../../options.ts";
import { print, printJson } from "../../output.ts";
import { withRecommender } from "../../runtime/open-recommender.ts";
import { BOT, JSON_OUTPUT, RecommenderOptions } from "./options.ts";

interface Compared {
  readonly version: string;
  readonly serving: boolean;
  /** Null: it is gone, but people answered to it. */
  readonly summary: Summary | null;
  /** Whether it was good enough to replace the one before; and why, or why not. */
  readonly verdict: { readonly replace: boolean; readonly why: string } | null;
  readonly shown: number;
  readonly opened: number;
  readonly accepted: number;
  readonly dismissed: number;
}

/** `compare`: the versions side by side, as they were measured and as people answered. */
export function addCompare(group: Command): void {
  group
    .command("compare")
    .description("compares the versions: measured quality, and how people responded to their recommendations")
    .option(...BOT)
    .option(...JSON_OUTPUT)
    .action(async (_options, command: Command) => {
      const options = optionsOf(command, RecommenderOptions);
      await withRecommender(options, async (desk) => {
        const compared = await compare(desk);
        if (options.json) printJson(compared);
        else if (compared.length === 0) print("There is no version yet. Make one with: parley recommender train");
        else for (const one of compared) printVersion(one);
      });
    });
}

async function compare({ versions, store }: Pick<OpenRecommender, "versions" | "store">): Promise<readonly Compared[]> {
  const [known, serving, counts] = [await versions.list(), await versions.current(), await store.countByVersion()];
  const all = [
    ...new Set([...counts.map(({ modelVersion }) => modelVersion), ...known.map(({ name }) => name)]),
  ].toSorted();
  return all.map((version) => {
    const { summary = null, verdict = null } = known.find(({ name }) => name === version) ?? {};
    return { version, serving: version === serving, summary, verdict, ...answersTo(version, counts) };
  });
}

function answersTo(
  version: string,
  counts: readonly VersionCount[],
): Pick<Compared, "shown" | "opened" | "accepted" | "dismissed"> {
  const of = (wanted: VersionCount["action"]): number =>
    counts.find(({ modelVersion, action }) => modelVersion === version && action === wanted)?.count ?? 0;
  return { shown: of("shown"), opened: of("opened"), accepted: of("accepted"), dismissed: of("dismissed") };
}

function printVersion({ version, serving, summary, verdict, shown, opened, accepted, dismissed }: Compared): void {
  const mark = serving ? colors.green(" serves") : "";
  const made =
    summary === null ? colors.yellow("is not kept any more") : `${summary.trainedAt.slice(0, 16)}  ${summary.model}`;
  print(`${colors.bold(version)}${mark}  ${made}`);
  const chosen = summary?.candidates.find((one) => one.verdict === "chosen");
  const measured = Object.entries(chosen?.metrics ?? {}).filter(([name]) => /^(?:ndcg|hit-rate|auc|mrr)/u.test(name));
  if (measured.length > 0)
    print(`   measured: ${measured.map(([name, { mean }]) => `${name} ${mean.toFixed(3)}`).join("  ")}`);
  if (verdict !== null && !verdict.replace) print(`   not better: ${verdict.why}`);
  const share = (count: number): string => (shown === 0 ? "–" : `${((100 * count) / shown).toFixed(1)}%`);
  print(
    `   in chats: shown ${shown}  opened ${opened} (${share(opened)})  accepted ${accepted} (${share(accepted)})  dismissed ${dismissed} (${share(dismissed)})`,
  );
}
