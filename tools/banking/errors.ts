import { type ErrorCode, ParleyError } from "../../core/errors.ts";

/** The bank says no, for a reason that its customer can understand and often mend. Nothing was changed. */
export class BankRefusal extends ParleyError {
  override readonly name = "BankRefusal";

  constructor(code: ErrorCode, message: string) {
    super(code, message, { status: 409 });
  }
}
