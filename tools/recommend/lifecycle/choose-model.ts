/** Which model serves: whatever predicts best what people did last, and never one below popularity. */
import {
  type CandidateResult,
  type Estimate,
  type Selection,
  type SelectionReport,
  selectModel,
  standardCandidates,
  type Training,
} from "parleyjs-recommender";
import type { TrainingData } from "../data/training-data.ts";
import type { Summary } from "./summary.ts";

/** Trains the candidates on the past, measures them on what followed, and trains the best one on everything. */
export async function chooseModel({ dataset }: TrainingData, training: Training): Promise<Selection> {
  return await selectModel(dataset, standardCandidates(dataset), {}, training);
}

/** What a version keeps of the choice. */
export function choiceSummary({
  chosen,
  why,
  warnings,
  candidates,
}: SelectionReport): Pick<Summary, "model" | "why" | "warnings" | "candidates"> {
  return {
    model: chosen.name,
    why: why.join(" "),
    warnings: [...warnings],
    candidates: candidates.map(({ name, verdict, known }) => ({ name, verdict, metrics: metricsOf(known) })),
  };
}

function metricsOf(known: CandidateResult["known"]): Summary["candidates"][number]["metrics"] {
  const measured = [...(known?.metrics ?? [])].filter(([, estimate]) => isMeasured(estimate));
  return Object.fromEntries(measured.map(([name, { mean, low, high }]) => [name, { mean, low, high }]));
}

function isMeasured({ mean, low, high }: Estimate): boolean {
  return [mean, low, high].every((value) => Number.isFinite(value));
}
