/** `parley/recommender`: a hybrid recommender as a library. Data in, model out; nothing of the rest of Parley. */
export {
  createInteractions,
  type Dataset,
  type InfluenceLimits,
  interactionMatrix,
  type InteractionArrays,
  type Interactions,
  limitInfluence,
  selectInteractions,
} from "./dataset.ts";
export { RecommenderError, type RecommenderErrorCode } from "./errors.ts";
export { factorization, type FactorizationModel, type FactorizationOptions } from "./factorization/index.ts";
export { loadModel } from "./load.ts";
export type { Model, ModelFamily, Progress, Subject, Term, TermSource, Training } from "./model.ts";
export { createRandom, type Random } from "./random.ts";
export { type Container, readContainer, type Section, sectionOf, writeContainer } from "./serialize.ts";
export {
  compressRows,
  type Entries,
  identity,
  normalizeRow,
  normalizeRows,
  rowOf,
  type SparseMatrix,
  type SparseRow,
  sparseRow,
  transpose,
  withIdentity,
} from "./sparse.ts";
export { type Ranking, topItems } from "./top-k.ts";
export { createVocabulary, type Vocabulary } from "./vocabulary.ts";
export {
  type CatalogueUse,
  type Estimate,
  type Estimates,
  evaluate,
  type Evaluation,
  type EvaluationOptions,
  type MetricName,
  pairedDifference,
  type ScoreUser,
  type SegmentEvaluation,
  type Split,
  type UserMetrics,
} from "./evaluation/index.ts";
export { diversify, type DiversityOptions } from "./diversity.ts";
export {
  blend,
  type BlendMember,
  blendReader,
  ease,
  type EaseOptions,
  itemNeighbours,
  type ItemNeighboursOptions,
  popularity,
  type PopularityOptions,
  ridge,
  type RidgeOptions,
  softmax,
  type SoftmaxOptions,
} from "./models/index.ts";
export { type Reason, reasonOf, type ReasonOptions } from "./reasons.ts";
export {
  type InteractionSplit,
  leaveOneOut,
  type LeaveOneOutOptions,
  splitByTime,
  splitRandomly,
  splitUsers,
} from "./split.ts";
export { synthesize, type SyntheticData, type SyntheticOptions } from "./synthetic.ts";
export { recencyWeight, viewWeight, type WeighedEvent, type WeightingOptions, weightOf } from "./weighting.ts";
export {
  candidate,
  type Candidate,
  type CandidateResult,
  planValidation,
  rankingLossWarning,
  type Selection,
  type SelectionOptions,
  type SelectionReport,
  selectModel,
  standardCandidates,
  type Validation,
  type ValidationOptions,
  type ValidationStrategy,
  type Verdict,
} from "./selector/index.ts";
export { renderReport, type ReportOptions } from "./report/index.ts";
export { families } from "./families.ts";
