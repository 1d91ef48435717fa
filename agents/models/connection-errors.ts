/**
 * What the transport throws below the provider's client. The client wraps it, so it is told by class from the
 * `cause` chain. Their texts avoid "timeout": the client drops the cause of errors that speak of one.
 */

/** No byte came for too long; the socket is closed. */
export class SilentConnectionError extends Error {
  override readonly name = "SilentConnectionError";
}

/** No connection, or it was lost before the answer began. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
}
