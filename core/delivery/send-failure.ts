import {
  AmbiguousSendError,
  type Elsewhere,
  FileRefusedError,
  MarkupRefusedError,
  PermanentSendError,
  PlaceGoneError,
  RateLimitedError,
  TransientSendError,
} from "../send-errors.ts";

/** What a throw of `send` or `edit` means for the message. */
export type SendFailure =
  | { readonly kind: "rate-limited"; readonly retryAfterMs: number }
  /** Certainly not sent. */
  | { readonly kind: "transient" | "permanent" | "markup-refused" | "file-refused" }
  | { readonly kind: "place-gone"; readonly elsewhere: Elsewhere | undefined }
  /** It may or may not have arrived. `expected` is false when the adapter threw something it should not. */
  | { readonly kind: "ambiguous"; readonly expected: boolean };

/** Tells the kinds of failure apart. Whatever is not declared counts as ambiguous: the careful reading. */
export function readSendFailure(thrown: unknown): SendFailure {
  if (thrown instanceof RateLimitedError) return { kind: "rate-limited", retryAfterMs: thrown.retryAfterMs ?? 1_000 };
  if (thrown instanceof TransientSendError) return { kind: "transient" };
  if (thrown instanceof PermanentSendError) return { kind: "permanent" };
  if (thrown instanceof MarkupRefusedError) return { kind: "markup-refused" };
  if (thrown instanceof FileRefusedError) return { kind: "file-refused" };
  if (thrown instanceof PlaceGoneError) return { kind: "place-gone", elsewhere: thrown.elsewhere };
  return { kind: "ambiguous", expected: thrown instanceof AmbiguousSendError };
}
