import { type ErrorCode, ParleyError } from "../../core/errors.ts";

export interface RefusalWords {
  /** Its name in the language files. @default the code without `bank/` */
  readonly name?: string;
  /** What stands in braces there. */
  readonly values?: Readonly<Record<string, string>>;
}

/**
 * The bank says no, for a reason that its customer can understand and often mend. Nothing was changed. The message is
 * English; `refusals` of the language files have the others.
 */
export class BankRefusal extends ParleyError {
  override readonly name = "BankRefusal";
  readonly words: Required<RefusalWords>;

  constructor(code: ErrorCode, message: string, { name = code.slice("bank/".length), values = {} }: RefusalWords = {}) {
    super(code, message, { status: 409 });
    this.words = { name, values };
  }
}
