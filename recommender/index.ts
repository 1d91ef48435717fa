/** `parleyjs-recommender`: a hybrid recommender as a library. Data in, model out. */
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
export { type Embeddings, factorization, type FactorizationModel } from "./factorization/factorization.ts";
export type { FactorizationOptions } from "./factorization/options.ts";
export { loadModel } from "./load.ts";
export type {
  Checkpoint,
  EpochAnswer,
  Model,
  ModelFamily,
  Progress,
  Subject,
  Term,
  TermSource,
  Training,
  UserRanking,
} from "./model.ts";
export {
  loadNamed,
  nameData,
  type NamedData,
  type NamedEvent,
  type NamedFeatures,
  type NamedModel,
  type NamedScore,
  type NamedSubject,
  type NamedTerm,
  type Names,
  withNames,
} from "./names.ts";
export { type EarlyStopping, type Measured, stopEarly, type StopEarlyOptions } from "./stop-early.ts";
export { createRandom, type Random } from "./random.ts";
export { type Container, readContainer, type Section, sectionOf, writeContainer } from "./serialize.ts";
export { identity, normalizeRow, normalizeRows, withIdentity } from "./feature-rows.ts";
export {
  compressRows,
  type Entries,
  rowOf,
  type SparseMatrix,
  type SparseRow,
  sparseRow,
  transpose,
} from "./sparse.ts";
export { type Ranking, topItems } from "./top-k.ts";
export { createVocabulary, type Vocabulary } from "./vocabulary.ts";
export { type Estimate, pairedDifference } from "./evaluation/bootstrap.ts";
export type { CatalogueUse } from "./evaluation/catalogue.ts";
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
} from "./evaluation/evaluate.ts";
export { diversify, type DiversityOptions } from "./diversity.ts";
export { blend, type BlendMember, blendReader } from "./models/blend.ts";
export { ease, type EaseOptions } from "./models/ease.ts";
export { itemNeighbours, type ItemNeighboursOptions } from "./models/item-neighbours.ts";
export { popularity, type PopularityOptions } from "./models/popularity.ts";
export { ridge, type RidgeOptions } from "./models/ridge.ts";
export { softmax, type SoftmaxOptions } from "./models/softmax/softmax.ts";
export { matrixSections, readMatrix } from "./matrix-sections.ts";
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
export { candidate, standardCandidates } from "./selector/candidates.ts";
export { type SelectionOptions, selectModel } from "./selector/select.ts";
export type { Candidate, CandidateResult, Selection, SelectionReport, Verdict } from "./selector/selection.ts";
export {
  planValidation,
  type Validation,
  type ValidationOptions,
  type ValidationStrategy,
} from "./selector/validation.ts";
export { rankingLossWarning } from "./selector/warnings.ts";
export { renderReport, type ReportOptions } from "./report/report.ts";
export { families } from "./families.ts";
