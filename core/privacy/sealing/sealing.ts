/**
 * Encryption at rest. Values are sealed under a data key of the installation; data keys lie in its database, wrapped by a
 * key that lies elsewhere (`KeyPort`). A sealed value is bound to its place, names its key, and opens as long as the key is
 * known: keys are made anew while everything runs.
 */
import { createHmac } from "node:crypto";
import type { Check } from "../../check.ts";
import type { Clock } from "../../environment.ts";
import type { Database } from "../../store/sql/database.ts";
import type { Cipher } from "./cipher.ts";
import { boundTo, type Envelope, parseEnvelope, printEnvelope } from "./envelope.ts";
import { UnknownKeyError, UnreadableValueError } from "./errors.ts";
import type { KeyPort } from "./keys/key-port.ts";
import { addNewest, type OpenRing, openRing, wrapAllAnew } from "./ring.ts";
import { nameOf, type SealedColumn, type SealedRow } from "./sealed-column.ts";

/** Where something sealed belongs: it opens nowhere else. */
type SealedPlace = readonly (string | number)[];

export interface Sealing {
  /** Reads the keys, and makes them at the first start. Throws `sealing/key-missing` and the like; called again it tries anew. */
  readonly ready: () => Promise<void>;
  /** Seals the text of a column. Only once it is ready, as all that follows. */
  readonly seal: <Part extends string>(column: SealedColumn<Part>, row: SealedRow<Part>, text: string) => string;
  /**
   * Opens it. A text that was never sealed is given as it is, or refused where the configuration says so. Throws
   * `sealing/unreadable`, and `sealing/unknown-key`: call it within `reading`.
   */
  readonly open: <Part extends string>(column: SealedColumn<Part>, row: SealedRow<Part>, text: string) => string;
  /** Does the work again with all keys read anew, where it met one that another process has just made. */
  readonly reading: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** What a row is found by instead of a text that must not lie there: the same for the same text, and nothing without the key. */
  readonly digest: (column: Pick<SealedColumn, "table" | "column">, text: string) => string;
  /** The same for bytes. `keyId`, left out, is the key that seals now: give it where several pieces need the same. */
  readonly sealBytes: (place: SealedPlace, bytes: Uint8Array, keyId?: string) => Envelope;
  readonly openBytes: (place: SealedPlace, envelope: Envelope) => Uint8Array;
  /** The key that seals now, and since when. */
  readonly active: () => Pick<OpenRing, "active" | "activeSince">;
  /** Reads the keys that other processes made. */
  readonly refresh: () => Promise<void>;
  /** Makes a new data key, and where keys are made here a new key that wraps; wraps all anew. Gives how many were wrapped anew. */
  readonly rotate: () => Promise<{ readonly wrapped: number }>;
  /** The tables of the keys, and of what was sealed again. */
  readonly database: () => Database;
  /** For people: what wraps the keys. */
  readonly place: string;
  readonly check: () => Promise<readonly Check[]>;
  readonly close: () => Promise<void>;
}

export interface SealingOptions {
  /** Opens the database of the keys; called once, when it is first needed. */
  readonly open: () => Database;
  readonly keys: KeyPort;
  readonly clock?: Clock;
  /** True once everything is sealed: a text that is not was put there by somebody else. @default false */
  readonly refusesPlain?: boolean;
}

/** Makes the sealing of an installation. Nothing is opened yet. */
export function createSealing(options: SealingOptions): Sealing {
  const keeper = createKeeper(options);
  const { now, refresh } = keeper;
  const cipherOf = (keyId: string, place: SealedPlace): Cipher => {
    const cipher = now().ciphers.get(keyId);
    if (cipher === undefined) throw new UnknownKeyError(shown(place), keyId);
    return cipher;
  };
  const sealBytes: Sealing["sealBytes"] = (place, bytes, keyId = now().active) => ({
    keyId,
    payload: cipherOf(keyId, place).encrypt(bytes, boundTo(keyId, ...place)),
  });
  const openBytes: Sealing["openBytes"] = (place, { keyId, payload }) => {
    const bytes = cipherOf(keyId, place).decrypt(payload, boundTo(keyId, ...place));
    if (bytes === undefined) throw new UnreadableValueError(shown(place));
    return bytes;
  };
  return {
    ...keeper,
    sealBytes,
    openBytes,
    seal: (column, row, text) => printEnvelope(sealBytes(placeOf(column, row), Buffer.from(text))),
    open: (column, row, text) => {
      const envelope = parseEnvelope(text);
      if (envelope !== undefined) return Buffer.from(openBytes(placeOf(column, row), envelope)).toString("utf8");
      if (options.refusesPlain === true) throw new UnreadableValueError(nameOf(column));
      return text;
    },
    digest: ({ table, column }, text) =>
      createHmac("sha256", now().digests)
        .update(JSON.stringify([table, column, text]))
        .digest("base64url"),
    active: now,
    reading: async (work) => {
      try {
        return await work();
      } catch (thrown) {
        if (!(thrown instanceof UnknownKeyError)) throw thrown;
        await refresh();
        return await work();
      }
    },
    place: options.keys.place,
    check: options.keys.check,
  };
}

/** Table and column, or the file: never what the row holds. */
const shown = (place: SealedPlace): string => place.slice(0, 2).join(".");

/** Whether a number or a text, a driver gives the same key of a row. */
function placeOf<Part extends string>(
  { table, column, row }: SealedColumn<Part>,
  values: SealedRow<Part>,
): SealedPlace {
  return [table, column, ...row.map((part) => String(values[part]))];
}

/** Holds the keys in memory. */
function createKeeper({ open, keys, clock = Date.now }: SealingOptions) {
  let opened: Database | undefined;
  let held: Awaited<ReturnType<typeof openRing>> | undefined;
  let opening: Promise<void> | undefined;
  const database = (): Database => (opened ??= open());
  const refresh = async (): Promise<void> => {
    held = await openRing({ database: database(), keys, clock }, held?.raw);
  };
  return {
    database,
    refresh,
    now: (): OpenRing => {
      if (held === undefined) throw new Error("Values are sealed and opened only after ready()");
      return held.ring;
    },
    ready: async (): Promise<void> => {
      opening ??= held === undefined ? refresh() : Promise.resolve();
      try {
        await opening;
      } catch (thrown) {
        opening = undefined;
        throw thrown;
      }
    },
    rotate: async () => {
      await refresh();
      await keys.renew?.();
      await addNewest({ database: database(), keys, clock });
      const wrapped = await wrapAllAnew({ database: database(), keys });
      await refresh();
      return { wrapped };
    },
    close: async (): Promise<void> => await opened?.close(),
  };
}
