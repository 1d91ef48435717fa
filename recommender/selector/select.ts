/**
 * Chooses the model for the data at hand: trains each candidate on a part, measures it on the rest, blends the best where
 * that helps, never takes one that is below popularity, and trains the chosen one on everything.
 */
import { requireList, requireObject } from "../checks.ts";
import type { Dataset } from "../dataset.ts";
import type { EvaluationOptions, MetricName } from "../evaluation/evaluate.ts";
import type { Model, Training } from "../model.ts";
import { blend } from "../models/blend.ts";
import { popularity } from "../models/popularity.ts";
import { type Mixture, searchBlend } from "./blend-search.ts";
import type { Candidate, CandidateResult, Selection, SelectionReport } from "./selection.ts";
import { type Failed, objectiveOf, type Trial, type Tried, tryCandidate } from "./try-candidate.ts";
import { planValidation, type Validation, type ValidationOptions } from "./validation.ts";
import { dataWarnings, rankingLossWarning } from "./warnings.ts";

export interface SelectionOptions extends ValidationOptions {
  /** What is compared: the mean of these. @default nDCG@10; in a catalogue below 50 items nDCG@3 and AUC */
  readonly objective?: readonly MetricName[] | undefined;
  /** A segment per user, from 0: each is measured by itself as well. */
  readonly segments?: Int32Array | undefined;
  /** Whether several models may be served as one. @default true */
  readonly blending?: boolean | undefined;
  /** Warnings from whoever chose the candidates. */
  readonly warnings?: readonly string[] | undefined;
  /** In seconds; only differences count. @default the clock of the process */
  readonly clock?: (() => number) | undefined;
}

/** The AUC of a model that knows nothing. */
const CHANCE = 0.5;

/** What every other model has to beat. */
const BASELINE: Candidate = {
  name: "popularity",
  fit: async (dataset, training) => await popularity.fit(dataset, {}, training),
};

/**
 * Compares, chooses, trains.
 * @throws RecommenderError `recommender/invalid-data` when nothing can be held out, `recommender/cancelled`
 */
export async function selectModel(
  dataset: Dataset,
  candidates: readonly Candidate[],
  options: SelectionOptions = {},
  training: Training = {},
): Promise<Selection> {
  requireList(candidates, "Candidates");
  for (const candidate of candidates) requireObject(candidate, "A candidate", ["fit"]);
  requireObject(options, "Options of the selection");
  requireObject(training, "The training");
  const validation = planValidation(dataset, options);
  const { objective, measures } = whatToMeasure(dataset, options);
  const trial: Trial = {
    validation,
    measures,
    training,
    clock: options.clock ?? (() => performance.now() / 1000),
  };
  const baseline = await tryCandidate(BASELINE, trial);
  if ("error" in baseline) throw baseline.error;
  const tried = [baseline];
  const failed: Failed[] = [];
  for (const candidate of candidates.filter(({ name }) => name !== BASELINE.name)) {
    const result = await tryCandidate(candidate, trial);
    if ("error" in result) failed.push(result);
    else tried.push(result);
  }
  const gate = [...new Set<MetricName>([...objective, "auc", "mrr"])];
  const passed = tried
    .filter((one) => one === baseline || belowPopularity(one, baseline, gate).length === 0)
    .toSorted((left, right) => objectiveOf(right.known, objective) - objectiveOf(left.known, objective));
  const mixture = choose(passed, baseline, { objective, gate, trial, blending: options.blending ?? true });
  const results = judge({ tried, failed, baseline, mixture, objective, gate });
  return {
    model: await train(mixture, dataset, training),
    fit: async (other, following = {}) => await train(mixture, other, following),
    report: reportOf(dataset, validation, { objective, mixture, results, warnings: options.warnings ?? [] }),
  };
}

function whatToMeasure(
  { interactions }: Dataset,
  { objective, seed, segments }: SelectionOptions,
): { readonly objective: readonly MetricName[]; readonly measures: EvaluationOptions } {
  const isSmall = interactions.itemCount < 50;
  return {
    objective: objective ?? (isSmall ? ["ndcg@3", "auc"] : ["ndcg@10"]),
    measures: { cutoffs: isSmall ? [3, 1] : [10], seed, segments },
  };
}

/** The measures in which a candidate is worse than popularity. */
const belowPopularity = (
  one: Pick<Tried, "known">,
  baseline: Tried,
  gate: readonly MetricName[],
): readonly MetricName[] =>
  gate.filter((name) => !((one.known.metrics.get(name)?.mean ?? -1) >= (baseline.known.metrics.get(name)?.mean ?? 0)));

interface Choice {
  readonly objective: readonly MetricName[];
  readonly gate: readonly MetricName[];
  readonly trial: Trial;
  readonly blending: boolean;
}

function choose(passed: readonly Tried[], baseline: Tried, { objective, gate, trial, blending }: Choice): Mixture {
  const [best = baseline, ...others] = passed;
  const alone: Mixture = { members: [{ tried: best, weight: 1 }], measured: best };
  if (!blending) return alone;
  const mixture = searchBlend(best, others, objective, trial);
  return belowPopularity(mixture.measured, baseline, gate).length === 0 ? mixture : alone;
}

async function train({ members }: Mixture, dataset: Dataset, training: Training): Promise<Model> {
  const trained: { readonly model: Model; readonly weight: number }[] = [];
  for (const { tried, weight } of members)
    trained.push({ model: await tried.candidate.fit(dataset, training), weight });
  return trained.length === 1 && trained[0] !== undefined ? trained[0].model : blend(trained);
}

interface Outcome {
  readonly tried: readonly Tried[];
  readonly failed: readonly Failed[];
  readonly baseline: Tried;
  readonly mixture: Mixture;
  readonly objective: readonly MetricName[];
  readonly gate: readonly MetricName[];
}

function judge({ tried, failed, baseline, mixture, objective, gate }: Outcome): readonly CandidateResult[] {
  const chosen = new Map(mixture.members.map(({ tried: member, weight }) => [member, weight]));
  const verdictOf = (one: Tried): Pick<CandidateResult, "verdict" | "reason"> => {
    const below = belowPopularity(one, baseline, gate);
    if (chosen.has(one)) return { verdict: "chosen", reason: chosen.size > 1 ? "Part of the blend." : "The best." };
    if (below.length === 0) return { verdict: "outdone", reason: "Another is better." };
    return { verdict: "below-popularity", reason: `Never served: below popularity in ${below.join(", ")}.` };
  };
  const results: CandidateResult[] = tried.map((one) => ({
    name: one.candidate.name,
    seconds: one.seconds,
    losses: one.losses,
    known: one.known,
    unseen: one.unseen,
    objective: objectiveOf(one.known, objective),
    ...verdictOf(one),
  }));
  const blended: CandidateResult[] =
    mixture.members.length === 1
      ? []
      : [
          {
            name: nameOf(mixture),
            seconds: mixture.members.reduce((sum, { tried: member }) => sum + member.seconds, 0),
            losses: [],
            ...mixture.measured,
            objective: objectiveOf(mixture.measured.known, objective),
            verdict: "chosen",
            reason: "Better than each of its parts, by more than chance.",
          },
        ];
  const hopeless: CandidateResult[] = failed.map(({ candidate, seconds, error }) => ({
    name: candidate.name,
    seconds,
    losses: [],
    known: undefined,
    unseen: undefined,
    objective: Number.NaN,
    verdict: "failed",
    reason: error.message,
  }));
  return [...[...blended, ...results].toSorted((left, right) => right.objective - left.objective), ...hopeless];
}

const nameOf = ({ members }: Mixture): string =>
  members
    .map(({ tried, weight }) => (weight === 1 ? tried.candidate.name : `${weight} × ${tried.candidate.name}`))
    .join(" + ");

interface Findings {
  readonly objective: readonly MetricName[];
  readonly mixture: Mixture;
  readonly results: readonly CandidateResult[];
  readonly warnings: readonly string[];
}

function reportOf(
  dataset: Dataset,
  { strategy, why }: Validation,
  { objective, mixture, results, warnings }: Findings,
): SelectionReport {
  const { interactions, userFeatures, itemFeatures } = dataset;
  const data = {
    users: interactions.userCount,
    items: interactions.itemCount,
    interactions: interactions.users.length,
    userFeatures: userFeatures?.columnCount ?? 0,
    itemFeatures: itemFeatures?.columnCount ?? 0,
  };
  return {
    strategy,
    objective,
    data,
    candidates: results,
    chosen: {
      name: nameOf(mixture),
      members: mixture.members.map(({ tried, weight }) => ({ name: tried.candidate.name, weight })),
    },
    why: [why, ...explainChoice(mixture, results, objective)],
    warnings: [
      ...warnings,
      ...[rankingLossWarning(dataset)].filter((warning) => warning !== undefined),
      ...dataWarnings(data),
      ...chanceWarnings(mixture),
      ...coldWarnings(mixture, results),
    ],
  };
}

function explainChoice(
  mixture: Mixture,
  results: readonly CandidateResult[],
  objective: readonly MetricName[],
): readonly string[] {
  const reached = objectiveOf(mixture.measured.known, objective);
  const popular = results.find(({ name }) => name === BASELINE.name)?.objective ?? Number.NaN;
  const name = nameOf(mixture);
  const below = results.filter(({ verdict }) => verdict === "below-popularity").map((one) => one.name);
  return [
    name === BASELINE.name
      ? `No candidate is better than popularity (${objective.join(" and ")} ${popular.toFixed(4)}), so popularity is served.`
      : `${name} has the best ${objective.join(" and ")}: ${reached.toFixed(4)}, where popularity has ${popular.toFixed(4)}.`,
    ...(mixture.members.length > 1
      ? [`The blend is better than ${mixture.members[0]?.tried.candidate.name ?? ""} alone by more than chance.`]
      : []),
    ...(below.length > 0 ? [`Refused, because they are below popularity: ${below.join("; ")}.`] : []),
  ];
}

/** The best of many that know nothing is still the best, and no good. */
function chanceWarnings(mixture: Mixture): readonly string[] {
  const auc = mixture.measured.known.metrics.get("auc");
  if (auc === undefined || !(auc.low <= CHANCE)) return [];
  return [
    `What users take next is not foreseen better than by chance: ${nameOf(mixture)} has an AUC of ${auc.mean.toFixed(4)} ` +
      `(${auc.low.toFixed(4)} to ${auc.high.toFixed(4)}), and chance has 0.5.`,
  ];
}

function coldWarnings({ measured }: Mixture, results: readonly CandidateResult[]): readonly string[] {
  const popular = results.find(({ name }) => name === BASELINE.name)?.unseen?.metrics.get("auc")?.mean;
  const reached = measured.unseen?.metrics.get("auc")?.mean;
  if (popular === undefined || reached === undefined || reached >= popular) return [];
  return [
    `For users never seen the chosen model has an AUC of ${reached.toFixed(4)}, popularity ${popular.toFixed(4)}: serve ` +
      "popularity until there is some history.",
  ];
}
