/** Row b: what the selector chooses from the training part, measured on a test part it never saw. */
import { evaluate, selectModel, standardCandidates } from "parleyjs-recommender";
import { checkGoals, printSelection } from "./goals.ts";
import { type BenchOptions, loadSplit } from "./splits.ts";

const GOALS = [
  { name: "ml100k-all", atLeast: 0.438 },
  { name: "ml100k-ge4", atLeast: 0.319 },
];

export async function run({ splits }: BenchOptions): Promise<void> {
  for (const { name, atLeast } of GOALS) {
    const { dataset, split } = loadSplit(splits, { name });
    const { model, report } = await selectModel(dataset, standardCandidates(dataset));
    console.log(`\nb  ${name}`);
    printSelection(report);
    const evaluation = evaluate((user, into) => model.scores({ user }, into), split);
    checkGoals(name, evaluation, [{ metric: "ndcg@10", atLeast }]);
  }
}
