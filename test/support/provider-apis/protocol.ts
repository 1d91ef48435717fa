import type { Answer, Failure } from "./step.ts";

/** How a provider is spoken to. */
export interface Protocol {
  readonly contentType: string;
  /** Throws `RefusedRequest` for what the real service refuses. */
  readonly check: (body: unknown) => void;
  /** The answer as it is streamed, piece by piece. */
  readonly pieces: (answer: Answer, body: unknown) => readonly string[];
  readonly failure: (failure: Failure) => unknown;
}
