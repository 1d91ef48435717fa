/** Prints measured figures next to their goals. */
import type { Evaluation, MetricName, SelectionReport } from "parleyjs-recommender";

export interface Goal {
  readonly metric: MetricName;
  readonly atLeast: number;
}

/** One line per goal; a goal that was missed makes the bench fail. */
export function checkGoals(name: string, evaluation: Evaluation, goals: readonly Goal[]): void {
  for (const { metric, atLeast } of goals) {
    const { mean = Number.NaN, low = Number.NaN, high = Number.NaN } = evaluation.metrics.get(metric) ?? {};
    const reached = mean >= atLeast;
    if (!reached) process.exitCode = 1;
    console.log(
      `${reached ? "reached" : "MISSED "}  ${name.padEnd(24)} ${metric.padEnd(8)} ${mean.toFixed(4)} ` +
        `(${low.toFixed(4)} to ${high.toFixed(4)}), goal ${atLeast}`,
    );
  }
}

/** A model must be better than popularity in each of these. */
export function checkBeaten(
  name: string,
  model: Evaluation,
  popularity: Evaluation,
  metrics: readonly MetricName[],
): void {
  for (const metric of metrics) {
    const [own = 0, other = 1] = [model, popularity].map(({ metrics: found }) => found.get(metric)?.mean);
    if (own <= other) process.exitCode = 1;
    console.log(
      `${own > other ? "beaten " : "MISSED "}  ${name.padEnd(24)} ${metric.padEnd(8)} ${own.toFixed(4)}, popularity ${other.toFixed(4)}`,
    );
  }
}

/** What the selector compared and chose. */
export function printSelection({ candidates, why, warnings, objective }: SelectionReport): void {
  console.log(`  validation, ${objective.join(" and ")}:`);
  for (const { name, verdict, objective: value, seconds } of candidates) {
    console.log(`    ${value.toFixed(4)}  ${verdict.padEnd(16)} ${name}  ${seconds.toFixed(1)} s`);
  }
  for (const sentence of [...why, ...warnings]) console.log(`  ${sentence}`);
}
