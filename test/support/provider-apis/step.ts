/** What a provider answers to one request, whichever protocol it speaks. */
export interface Answer {
  readonly text?: string;
  readonly calls?: readonly Call[];
  /** Ended by the limit on its length. */
  readonly isCut?: boolean;
  readonly usage?: Usage;
  /** The connection is cut after so many pieces. */
  readonly breaksAfter?: number;
}

export interface Call {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Sent in place of the input's JSON, by protocols that send text. */
  readonly rawInput?: string;
}

export interface Usage {
  readonly input: number;
  readonly output: number;
  readonly cached?: number;
}

export const DEFAULT_USAGE: Usage = { input: 120, output: 30, cached: 20 };

/** A refusal of the service, in the protocol's own words. */
export interface Failure {
  readonly status: number;
  readonly message: string;
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Step = Answer | { readonly failure: Failure };

/** The text in pieces, as it is streamed. */
export function piecesOf(text: string, length = 12): readonly string[] {
  const points = Array.from(text);
  const count = Math.ceil(points.length / length);
  return Array.from({ length: count }, (_, index) => points.slice(index * length, (index + 1) * length).join(""));
}

/** A request that the real service would refuse. */
export class RefusedRequest extends Error {
  override readonly name = "RefusedRequest";
}
