/** Which model serves: whatever predicts best what people did last, and never one below popularity. */
import {
  type CandidateResult,
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
export function choiceSummary(report: SelectionReport): Pick<Summary, "model" | "why" | "warnings" | "candidates"> {
  return {
    model: report.chosen.name,
    why: report.why.join(" "),
    warnings: [...report.warnings],
    candidates: report.candidates.map(({ name, verdict, known }) => ({ name, verdict, metrics: metricsOf(known) })),
  };
}

function metricsOf(known: CandidateResult["known"]): Summary["candidates"][number]["metrics"] {
  const all = [...(known?.metrics ?? [])].map(([name, { mean, low, high }]) => [name, { mean, low, high }] as const);
  return Object.fromEntries(all.filter(([, estimate]) => Object.values(estimate).every(Number.isFinite)));
}
