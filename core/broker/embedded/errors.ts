import { ParleyError } from "../../errors.ts";

/** The broker was closed; the call did nothing. */
export class BrokerClosedError extends ParleyError {
  override readonly name = "BrokerClosedError";

  constructor() {
    super("broker/closed", "The broker is closed; the call did nothing. It is closed last, after its users.", {
      status: 503,
    });
  }
}

/** The file was written by a newer version of this program. */
export class NewerFileError extends ParleyError {
  override readonly name = "NewerFileError";

  constructor(path: string, version: number, known: number) {
    super(
      "broker/newer-file",
      `${path} has version ${version}, this program knows up to ${known}. Run the newer program, or use another path.`,
    );
  }
}
