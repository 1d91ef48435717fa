/** How good a model is: ranking metrics with intervals, by segment, and what its lists do to the catalogue. */
export { bootstrapMeans, type BootstrapOptions, type Estimate, pairedDifference } from "./bootstrap.ts";
export { type CatalogueUse, catalogueUse, giniOf, type ListCounts } from "./catalogue.ts";
export {
  type Estimates,
  evaluate,
  type Evaluation,
  type EvaluationOptions,
  type MetricName,
  type ScoreUser,
  type SegmentEvaluation,
  type Split,
  type UserMetrics,
} from "./evaluate.ts";
export {
  areaUnderCurve,
  averagePrecisionAt,
  hitRateAt,
  hitsAt,
  ndcgAt,
  precisionAt,
  recallAt,
  reciprocalRank,
} from "./metrics.ts";
export { maskTrained, ranksOf } from "./ranks.ts";
