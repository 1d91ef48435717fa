/** One refusal of the Messages API, ready to be written as its HTTP answer. */
export interface ApiFailure {
  readonly status: number;
  readonly type: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown while a request is checked; the server turns it into an answer. */
export class RefusedRequest extends Error {
  override readonly name = "RefusedRequest";
  readonly failure: ApiFailure;

  constructor(failure: ApiFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Refuses with 400 `invalid_request_error`. */
export function refuse(message: string): never {
  throw new RefusedRequest({ status: 400, type: "invalid_request_error", message });
}

/** The JSON body of a failure, also the data of a mid-stream `error` event. */
export function errorBody(failure: ApiFailure, requestId: string) {
  return {
    type: "error",
    error: {
      ...(failure.details === undefined ? {} : { details: failure.details }),
      type: failure.type,
      message: failure.message,
    },
    request_id: requestId,
  };
}
