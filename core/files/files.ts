/**
 * The files of an installation behind one contract: a directory of one machine, or a bucket that several share.
 *
 * A file is there whole or not at all: whoever finds a key finds all of its bytes, and they outlive a power cut.
 */
import type { Check } from "../check.ts";
import { ParleyError } from "../errors.ts";

export interface StoredFile {
  readonly key: string;
  readonly bytes: number;
  /** When it was last put, in ms since the epoch, by the clock of where it lies. */
  readonly modifiedAt: number;
}

export interface OpenedFile extends StoredFile {
  /** Read it, to its end or until you leave the loop: it holds the file, or a connection, open until then. */
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * Where files lie, by keys such as `spool/ab/abcdef`: parts of letters, digits, `.`, `_` and `-` that begin with a letter,
 * a digit or `_`, joined by slashes. Every operation throws `files/key` for another key, and `files/unavailable`
 * (retryable) or `files/refused` where the storage does not do it; a directory throws the system's own error.
 */
export interface Files {
  readonly kind: "directory" | "s3";
  /** Where they lie, for people: never with a credential. */
  readonly place: string;
  /** Writes a file, in the place of one that was there; with `ifAbsent` only where none was. False: there was one. */
  readonly put: (key: string, content: Uint8Array, options?: PutOptions) => Promise<boolean>;
  /** Moves a file of this machine here, in the place of one that was there. For what is too big to be held in memory twice. */
  readonly take: (key: string, path: string) => Promise<void>;
  readonly get: (key: string) => Promise<Uint8Array | undefined>;
  /** `first`: so many bytes of its beginning at most; `bytes` is the whole length all the same. */
  readonly open: (key: string, options?: { readonly first?: number }) => Promise<OpenedFile | undefined>;
  /** Cheap: reads nothing of the file. */
  readonly stat: (key: string) => Promise<StoredFile | undefined>;
  /** Nothing happens where it is not there. */
  readonly remove: (key: string) => Promise<void>;
  /** All whose key begins with `prefix`, in no order. What comes or goes meanwhile may be missing. */
  readonly list: (prefix: string) => AsyncIterable<StoredFile>;
  /** For `doctor`: puts a file, reads it and removes it. */
  readonly check: () => Promise<readonly Check[]>;
  readonly close: () => Promise<void>;
}

export interface PutOptions {
  readonly ifAbsent?: boolean;
}

/** Files of one kind that must last: `parley store copy` takes them along. */
export interface KeptFiles {
  /** For people. */
  readonly name: string;
  /** What their keys begin with. */
  readonly prefix: string;
  /** Which of these keys they are: a data directory has other files as well. */
  readonly keys: RegExp;
  /** True for secrets: they are sealed where they lie. @default false */
  readonly isSecret?: boolean;
}

const LONGEST_KEY = 512;
const KEY = /^\w[\w.-]*(?:\/\w[\w.-]*)*$/u;

export function isKey(key: string): boolean {
  return key.length <= LONGEST_KEY && KEY.test(key);
}

/** The key as it was given. Throws `files/key`. */
export function checkedKey(key: string): string {
  if (isKey(key)) return key;
  throw keyError(key);
}

/** The beginning of keys as it was given: nothing, or a key that may end with a slash or within a part. Throws `files/key`. */
export function checkedPrefix(prefix: string): string {
  if (prefix === "") return prefix;
  checkedKey(prefix.replace(/\/$/u, ""));
  return prefix;
}

function keyError(key: string): ParleyError {
  return new ParleyError(
    "files/key",
    `${JSON.stringify(key.slice(0, 80))} cannot be the key of a file: expected parts of letters, digits, ".", "_" and "-" ` +
      `joined by slashes, at most ${LONGEST_KEY} characters in all.`,
    { status: 400 },
  );
}

/** The finding of `check`, by a file that is put, read and removed. */
export async function roundTrip({ put, get, remove, place }: Files): Promise<Check> {
  const key = `checks/${crypto.randomUUID()}`;
  const content = Buffer.from(key);
  await put(key, content, { ifAbsent: true });
  try {
    const found = await get(key);
    if (found !== undefined && content.equals(found)) return { name: "files", status: "ok", detail: place };
  } finally {
    await remove(key);
  }
  const remedy = "Give the installation storage of its own that shows what was written at once.";
  return { name: "files", status: "error", detail: `${place} did not give back what was just put`, remedy };
}

/** All bytes of an opened file. */
export async function readWhole(file: OpenedFile | undefined): Promise<Uint8Array | undefined> {
  if (file === undefined) return undefined;
  const parts: Uint8Array[] = [];
  for await (const part of file.content) parts.push(part);
  return Buffer.concat(parts);
}
