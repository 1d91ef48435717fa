/**
 * Every error this project throws on purpose.
 *
 * `code` is for programs, `message` is for people (what happened, where, what to do),
 * `retryable` is for the queue. Anything else that is thrown is a bug and stays loud.
 */

interface ParleyErrorOptions extends ErrorOptions {
  /** Whether the same call may succeed later. @default false */
  readonly retryable?: boolean;
  /** When the other side asked for a pause, in milliseconds. */
  readonly retryAfterMs?: number;
  /** HTTP status a gateway answers with. @default 500 */
  readonly status?: number;
}

/** `area/what-went-wrong`: stable, documented in `docs/errors.md`. */
export type ErrorCode = `${string}/${string}`;

/** The same in each copy of this package. */
const KINDS = Symbol.for("parleyjs.error-kinds");

/** Base of every deliberate error. Never put secrets, message texts or personal data in `message`. */
export class ParleyError extends Error {
  override readonly name: string = "ParleyError";
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly status: number;

  constructor(code: ErrorCode, message: string, options: ParleyErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
    this.status = options.status ?? 500;
  }

  /** The names of its classes, by which another copy of this package knows it. */
  get [KINDS](): readonly string[] {
    const names: string[] = [];
    for (
      let proto: unknown = Object.getPrototypeOf(this);
      proto instanceof Object;
      proto = Object.getPrototypeOf(proto)
    )
      names.push(proto.constructor.name);
    return names;
  }

  /** An adapter that is linked into a bot may bring a copy of this package: its errors mean the same. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (Function.prototype[Symbol.hasInstance].call(this, value)) return true;
    if (typeof value !== "object" || value === null || !(KINDS in value)) return false;
    const kinds = value[KINDS];
    return Array.isArray(kinds) && kinds.includes(this.name);
  }
}

/** Input from outside did not have the shape it must have. Nothing was changed. */
export class InvalidInputError extends ParleyError {
  override readonly name: string = "InvalidInputError";
  /** One line per fault: where it is and what is wrong there. */
  readonly issues: readonly { readonly path: string; readonly message: string }[];

  constructor(
    code: ErrorCode,
    message: string,
    issues: readonly { readonly path: string; readonly message: string }[] = [],
    options: ParleyErrorOptions = {},
  ) {
    super(code, message, { status: 400, ...options });
    this.issues = issues;
  }
}

/** Gives any thrown value an `Error` shape; keeps the value as `cause`. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown });
}

/** A one-line description of any thrown value that is safe to log and store. */
export function describeError(thrown: unknown): string {
  const error = toError(thrown);
  return error instanceof ParleyError ? `${error.code}: ${error.message}` : `${error.name}: ${error.message}`;
}
