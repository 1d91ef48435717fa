/** The port behind which secrets that must be read again are kept encrypted. */

/** Binds sealed bytes to their place: opened for another row or column they are refused. */
export interface SealContext {
  readonly table: string;
  readonly column: string;
  readonly row: string;
}

/** Encrypts with keys of its own, and knows by which one it did. `open` throws where the bytes are not of this place. */
export interface Sealer {
  readonly seal: (context: SealContext, bytes: Uint8Array) => Promise<Uint8Array>;
  readonly open: (context: SealContext, bytes: Uint8Array) => Promise<Uint8Array>;
}
