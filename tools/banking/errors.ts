import { type ErrorCode, ParleyError } from "../../core/errors.ts";

/** The bank says no, for a reason that its customer can understand and often mend. Nothing was changed. */
export class BankRefusal extends ParleyError {
  override readonly name = "BankRefusal";

  constructor(code: ErrorCode, message: string) {
    super(code, message, { status: 409 });
  }
}

/** The bank's files do not hold what they must; a person has to look. */
export class BankDataError extends ParleyError {
  override readonly name = "BankDataError";
}
