/** One finding of a start-up check, of `doctor`, or of CI: the same list serves all three. */
export interface Check {
  /** What was looked at: `redis eviction`, `telegram:main token`. */
  readonly name: string;
  readonly status: "ok" | "warning" | "error";
  /** What was found. */
  readonly detail: string;
  /** What to do about it. */
  readonly remedy?: string;
}
