/** What can go wrong here, each with a stable code. Anything else that is thrown is a bug. */
export type RecommenderErrorCode =
  /** The data or the options are not what the model can learn from. */
  | "recommender/invalid-data"
  /** The bytes are no model of ours. */
  | "recommender/foreign-file"
  /** The bytes were a model of ours, and are damaged or cut short. */
  | "recommender/corrupt-file"
  /** A model of ours, written by a version or of a kind that this one cannot read. */
  | "recommender/unsupported-file"
  /** The question names a user, an item or a feature that the model does not have. */
  | "recommender/out-of-range"
  /** The model cannot answer this kind of question. */
  | "recommender/unsupported"
  /** Training was called off; nothing was changed. */
  | "recommender/cancelled"
  /** Training went out of bounds; nothing was changed. */
  | "recommender/diverged"
  /** A training thread ended before its work. */
  | "recommender/thread-failed";

/** Every deliberate error of the recommender. */
export class RecommenderError extends Error {
  override readonly name = "RecommenderError";
  readonly code: RecommenderErrorCode;

  constructor(code: RecommenderErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.code = code;
  }
}
