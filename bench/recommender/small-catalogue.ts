/** Row c: a bank's catalogue of 21 products, clients known by one product or two, and clients never seen. */
import {
  evaluate,
  popularity,
  rankingLossWarning,
  rowOf,
  selectModel,
  standardCandidates,
  type Subject,
} from "parleyjs-recommender";
import { checkBeaten, checkGoals, type Goal, printSelection } from "./goals.ts";
import { type BenchOptions, loadSplit } from "./splits.ts";

const FEATURES = "zimnat.user_features.txt";
const METRICS = ["auc", "mrr", "ndcg@3", "hit-rate@1", "hit-rate@3"] as const;

export async function run({ splits }: BenchOptions): Promise<void> {
  await measure(splits, "zimnat", [
    { metric: "auc", atLeast: 0.976 },
    { metric: "mrr", atLeast: 0.88 },
  ]);
  await measure(splits, "zimnat-cold", [{ metric: "auc", atLeast: 0.97 }]);
}

async function measure(splits: string | undefined, name: string, goals: readonly Goal[]): Promise<void> {
  const { dataset, split } = loadSplit(splits, { name, userFeatures: FEATURES });
  const { userFeatures } = dataset;
  if (userFeatures === undefined) throw new Error(`${FEATURES} is missing.`);
  // Clients of the cold split are asked for by their features alone, as someone never seen would be.
  const subjectOf = (user: number): Subject => (name === "zimnat" ? { user } : { features: rowOf(userFeatures, user) });
  const { model, report } = await selectModel(dataset, standardCandidates(dataset));
  console.log(`\nc  ${name}`);
  printSelection(report);
  const options = { cutoffs: [3, 1] };
  const evaluation = evaluate((user, into) => model.scores(subjectOf(user), into), split, options);
  const popular = await popularity.fit(dataset);
  const baseline = evaluate((user, into) => popular.scores(subjectOf(user), into), split, options);
  checkGoals(name, evaluation, goals);
  checkBeaten(name, evaluation, baseline, METRICS);
  console.log(`  without features: ${rankingLossWarning({ interactions: dataset.interactions }) ?? "NOT WARNED"}`);
}
