/** Chooses the model for the data at hand and says why. */
export { candidate, standardCandidates } from "./candidates.ts";
export { selectModel, type SelectionOptions } from "./select.ts";
export type { Candidate, CandidateResult, Selection, SelectionReport, Verdict } from "./selection.ts";
export { planValidation, type Validation, type ValidationOptions, type ValidationStrategy } from "./validation.ts";
export { rankingLossWarning } from "./warnings.ts";
