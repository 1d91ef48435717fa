/** What each way of sending a code has in common. */
import type { CodeMessage } from "../../../core/config/code-senders.ts";

/** A way by which codes reach people. */
export interface Sender {
  /** Throws `NotSent`. */
  readonly send: (message: CodeMessage) => Promise<void>;
  /** Tries it without sending anybody a code; gives what was tried, in words. Throws `NotSent`. */
  readonly check: () => Promise<string>;
}

/** Longer than this nobody waits at a login. */
export const SENDING_MS = 15_000;

/** Why a code did not go out, without its text, the address, or anything that a server said: answers name addresses. */
export class NotSent extends Error {
  override readonly name = "NotSent";
  /** It is of the address, so that another code fares no better. */
  readonly isRefused: boolean;

  constructor(reason: string, { isRefused = false }: { readonly isRefused?: boolean } = {}) {
    super(reason);
    this.isRefused = isRefused;
  }
}
