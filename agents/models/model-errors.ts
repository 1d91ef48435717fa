import { ParleyError, type ErrorCode } from "../../core/errors.ts";

/** What a model error knows besides its message. */
interface ModelErrorDetails {
  readonly cause?: unknown;
  /** The provider's id of the request, for its support. */
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

interface ModelErrorKind {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly status: number;
}

/** Base of everything that can go wrong with a language model. */
export class ModelError extends ParleyError {
  override readonly name: string = "ModelError";
  readonly requestId: string | undefined;

  constructor(kind: ModelErrorKind, message: string, details: ModelErrorDetails = {}) {
    super(kind.code, details.requestId === undefined ? message : `${message} (request ${details.requestId})`, {
      retryable: kind.retryable,
      status: kind.status,
      cause: details.cause,
      ...(details.retryAfterMs === undefined ? {} : { retryAfterMs: details.retryAfterMs }),
    });
    this.requestId = details.requestId;
  }
}

/** The provider has more work than it can do (529). */
export class ModelOverloadedError extends ModelError {
  override readonly name = "ModelOverloadedError";

  constructor(message: string, details?: ModelErrorDetails) {
    super({ code: "model/overloaded", retryable: true, status: 503 }, message, details);
  }
}

/** The provider cannot be reached or failed inside (no connection, 5xx). */
export class ModelUnavailableError extends ModelError {
  override readonly name = "ModelUnavailableError";

  constructor(message: string, details?: ModelErrorDetails) {
    super({ code: "model/unavailable", retryable: true, status: 503 }, message, details);
  }
}

/** Too many requests or tokens per minute; `retryAfterMs` says when to come back, where the provider said so. */
export class ModelRateLimitedError extends ModelError {
  override readonly name = "ModelRateLimitedError";

  constructor(message: string, details?: ModelErrorDetails) {
    super({ code: "model/rate-limited", retryable: true, status: 503 }, message, details);
  }
}

/** The account has spent what it may, or has no credit. Waiting a moment does not help. */
export class ModelSpendLimitError extends ModelError {
  override readonly name = "ModelSpendLimitError";

  constructor(message: string, details?: ModelErrorDetails) {
    super({ code: "model/spend-limit", retryable: false, status: 503 }, message, details);
  }
}

/** The model stayed silent for too long, or its answer took longer than a turn may take. */
export class ModelTimeoutError extends ModelError {
  override readonly name = "ModelTimeoutError";

  constructor(message: string, details?: ModelErrorDetails) {
    super({ code: "model/timeout", retryable: true, status: 504 }, message, details);
  }
}

/** The answer broke off in the middle. What was streamed before is no answer. */
export class ModelStreamBrokenError extends ModelError {
  override readonly name = "ModelStreamBrokenError";

  constructor(message: string, details?: ModelErrorDetails) {
    super({ code: "model/stream-broken", retryable: true, status: 502 }, message, details);
  }
}

/** The model's safeguards declined. What was streamed before must not be shown. */
export class ModelRefusedError extends ModelError {
  override readonly name = "ModelRefusedError";
  /** The policy area, where the provider named one. */
  readonly category: string | undefined;

  constructor(message: string, details?: ModelErrorDetails & { readonly category?: string | undefined }) {
    super({ code: "model/refused", retryable: false, status: 422 }, message, details);
    this.category = details?.category;
  }
}

/** The key is missing, wrong, or may not use this model. */
export class ModelAuthenticationError extends ModelError {
  override readonly name = "ModelAuthenticationError";

  constructor(message: string, details?: ModelErrorDetails) {
    super({ code: "model/authentication", retryable: false, status: 500 }, message, details);
  }
}

/** The provider does not accept the request as we built it: a fault of ours or of the settings. */
export class ModelRequestError extends ModelError {
  override readonly name = "ModelRequestError";

  constructor(message: string, details?: ModelErrorDetails) {
    super({ code: "model/request", retryable: false, status: 500 }, message, details);
  }
}

/** The conversation, or the answer on top of it, does not fit into the model's context window. */
export class ModelContextExceededError extends ModelError {
  override readonly name = "ModelContextExceededError";

  constructor(message: string, details?: ModelErrorDetails) {
    super({ code: "model/context-exceeded", retryable: false, status: 413 }, message, details);
  }
}

/** The model stopped before its answer was complete: out of tokens, or paused. */
export class ModelAnswerIncompleteError extends ModelError {
  override readonly name = "ModelAnswerIncompleteError";

  constructor(message: string, details?: ModelErrorDetails) {
    super({ code: "model/answer-incomplete", retryable: false, status: 502 }, message, details);
  }
}

/** The model's structured answer does not have the shape that was asked for. */
export class ModelAnswerInvalidError extends ModelError {
  override readonly name = "ModelAnswerInvalidError";

  constructor(message: string, details?: ModelErrorDetails) {
    super({ code: "model/answer-invalid", retryable: true, status: 502 }, message, details);
  }
}
