/**
 * A hash chain shows edits but not a missing end. The checkpoint does: the head of the chain, signed with a key that
 * is not in the database. Keep both files away from who may write the database.
 */
import { createHmac, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { ParleyError, toError } from "../../core/errors.ts";
import { canonicalJson } from "../canonical-json.ts";

/** The head of the chain at a moment. */
export const Head = z.strictObject({ sequence: z.int().nonnegative(), hash: z.string() });
export type Head = z.infer<typeof Head>;

const Signed = z.strictObject({
  version: z.literal(1),
  ...Head.shape,
  /** The last entry that was deleted for its age: the chain goes on from it. */
  base: Head.exactOptional(),
  at: z.iso.datetime(),
  mac: z.string(),
});
type SignedHead = Pick<z.infer<typeof Signed>, "sequence" | "hash" | "base">;

/** Reads and writes the signed head. */
export interface Checkpoint {
  /** Signs the head, and the base (the one that stands, unless another is given). */
  readonly write: (head: Head, at: string, base?: Head) => void;
  /** What was signed last; undefined when the file is missing, unreadable or signed with another key. */
  readonly read: () => SignedHead | undefined;
}

/** Opens the checkpoint; on a fresh machine makes the key (readable by its owner only) and signs the empty chain. */
export function openCheckpoint(
  paths: { readonly key: string; readonly checkpoint: string },
  options: { readonly isEmpty: boolean; readonly at: string; readonly genesis: string },
): Checkpoint {
  const isNew = !existsSync(paths.key);
  if (isNew) {
    if (!options.isEmpty) throw keyError(paths.key, "is missing, though the audit has entries");
    createKey(paths.key);
  }
  const key = readKey(paths.key);
  const sign = ({ sequence, hash, base }: SignedHead, at: string): Buffer =>
    createHmac("sha256", key)
      .update(canonicalJson({ version: 1, sequence, hash, at, ...(base === undefined ? {} : { base: { ...base } }) }))
      .digest();
  const checkpoint: Checkpoint = {
    write: (head, at, base = checkpoint.read()?.base) => {
      const signed = { ...head, ...(base === undefined ? {} : { base }) };
      const mac = sign(signed, at).toString("base64url");
      replaceFile(paths.checkpoint, JSON.stringify({ version: 1, ...signed, at, mac }));
    },
    read: () => {
      const signed = readSigned(paths.checkpoint);
      if (signed === undefined) return undefined;
      const expected = sign(signed, signed.at);
      const actual = Buffer.from(signed.mac, "base64url");
      const isOurs = actual.length === expected.length && timingSafeEqual(actual, expected);
      const { sequence, hash, base } = signed;
      return isOurs ? { sequence, hash, ...(base === undefined ? {} : { base }) } : undefined;
    },
  };
  if (options.isEmpty && (isNew || !existsSync(paths.checkpoint))) {
    checkpoint.write({ sequence: 0, hash: options.genesis }, options.at);
  }
  return checkpoint;
}

function readSigned(path: string): z.infer<typeof Signed> | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return Signed.safeParse(JSON.parse(readFileSync(path, "utf8"))).data;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}

/** Another process may start at the same moment: whichever links its key first wins, and both use that one. */
function createKey(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  writeDurably(draft, randomBytes(32).toString("base64url"));
  try {
    linkSync(draft, path);
  } catch (thrown) {
    if (!existsSync(path)) throw toError(thrown);
  } finally {
    rmSync(draft, { force: true });
  }
}

function readKey(path: string): Buffer {
  const key = Buffer.from(readFileSync(path, "utf8").trim(), "base64url");
  if (key.length !== 32) throw keyError(path, "does not hold a key of 32 bytes");
  return key;
}

function keyError(path: string, what: string): ParleyError {
  return new ParleyError(
    "audit/key",
    `${path} ${what}. Without it nobody can tell whether the audit was cut short: restore the file from a backup, ` +
      "or move the database of actions away to begin a new audit.",
  );
}

function replaceFile(path: string, text: string): void {
  const draft = `${path}.${randomUUID()}`;
  writeDurably(draft, text);
  renameSync(draft, path);
}

function writeDurably(path: string, text: string): void {
  const file = openSync(path, "wx", 0o600);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
