/** Row a: the factorization against LightFM, at the settings that both know: means of eight seeds. */
import { evaluate, factorization, type FactorizationOptions, type MetricName } from "parleyjs-recommender";
import { splitOrSynthetic } from "./data.ts";
import type { BenchOptions, LoadedSplit } from "./splits.ts";

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const METRICS = ["ndcg@10", "precision@10", "auc"] as const satisfies readonly MetricName[];

type Goals = Readonly<Partial<Record<(typeof METRICS)[number], number>>>;

export async function run({ splits }: BenchOptions): Promise<void> {
  const all = splitOrSynthetic(splits, "ml100k-all");
  const liked = splitOrSynthetic(splits, "ml100k-ge4");
  const genres = splitOrSynthetic(splits, "ml100k-all", "ml100k.item_features.txt");
  const exact = { "ndcg@10": 0.391, "precision@10": 0.329, auc: 0.933 };
  await measure("LightFM's maths", all, {}, exact);
  await measure("LightFM's maths", liked, {}, { "ndcg@10": 0.277, "precision@10": 0.202, auc: 0.933 });
  await measure("row-wise AdaGrad", all, { optimizer: "adagrad-row" }, { "ndcg@10": 0.415 });
  await measure("row-wise AdaGrad", liked, { optimizer: "adagrad-row" }, { "ndcg@10": 0.297 });
  await measure("with item features", genres, {}, { "ndcg@10": 0.405 });
  await measure("row-wise, item features", genres, { optimizer: "adagrad-row" }, {});
}

async function measure(title: string, data: LoadedSplit, options: FactorizationOptions, goals: Goals): Promise<void> {
  const values: Record<(typeof METRICS)[number], number[]> = { "ndcg@10": [], "precision@10": [], auc: [] };
  for (const seed of SEEDS) {
    const model = await factorization.fit(data.dataset, { ...options, seed });
    const { metrics } = evaluate((user, into) => model.scores({ user }, into), data.split, { resamples: 2 });
    for (const metric of METRICS) values[metric].push(metrics.get(metric)?.mean ?? Number.NaN);
  }
  for (const metric of METRICS) {
    const mean = values[metric].reduce((sum, value) => sum + value, 0) / SEEDS.length;
    const spread = Math.sqrt(values[metric].reduce((sum, value) => sum + (value - mean) ** 2, 0) / (SEEDS.length - 1));
    const goal = data.name.includes("made up") ? undefined : goals[metric];
    const isMissed = goal !== undefined && mean < goal;
    if (isMissed) process.exitCode = 1;
    console.log(
      `a  ${data.name.padEnd(22)} ${title.padEnd(24)} ${metric.padEnd(13)} ${mean.toFixed(4)} ± ${spread.toFixed(4)}` +
        (goal === undefined ? "" : `  ${isMissed ? "MISSED" : "reached"} ${goal}`),
    );
  }
}
