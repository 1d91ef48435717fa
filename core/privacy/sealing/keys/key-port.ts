/** What wraps the data keys of an installation: a key of its own, kept apart from what it protects. */
import type { Check } from "../../../check.ts";

/** A data key as it may lie in a database. */
export interface WrappedKey {
  /** The id of the key that wraps it. */
  readonly by: string;
  readonly bytes: Uint8Array;
}

/** Keys that wrap. `dataKeyId` is bound to what is wrapped: it unwraps under no other id. */
export interface KeyPort {
  /** For people, such as a path. Never the key itself. */
  readonly place: string;
  /** Makes the first key where keys are made here. Called once, where nothing is sealed yet. */
  readonly prepare: () => Promise<void>;
  /** The id of the key that wraps now. */
  readonly current: () => Promise<string>;
  readonly wrap: (dataKey: Uint8Array, dataKeyId: string) => Promise<WrappedKey>;
  /** Throws `sealing/key-missing` where the key is not here, or does not fit. */
  readonly unwrap: (wrapped: WrappedKey, dataKeyId: string) => Promise<Uint8Array>;
  /** Makes a new key, which wraps from now on; the old ones go on unwrapping. Absent where keys are made elsewhere. */
  readonly renew?: () => Promise<void>;
  readonly check: () => Promise<readonly Check[]>;
}
