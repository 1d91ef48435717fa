/**
 * A hash chain shows edits but not a missing end. The checkpoint does: the head of the chain, signed with a key that
 * is not in the database. Keep both away from who may write the database.
 *
 * Each signature is a file of its own with the next number, which is made only where nobody else has made it: of two
 * hosts that sign at once one wins, and the other looks again. None writes over a proof that it has not seen.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { ParleyError } from "../../core/errors.ts";
import type { Files, KeptFiles } from "../../core/files/files.ts";
import { canonicalJson } from "../canonical-json.ts";
import { GENESIS } from "./entry.ts";
import { type KeyedHashes, keyedHashes } from "./keyed.ts";
import { Head } from "./tables.ts";

const KEY = "audit.key";
const CHECKPOINT = "audit.checkpoint";
/** The key and the signatures. */
export const auditFiles: KeptFiles = {
  name: "audit",
  prefix: "audit.",
  keys: /^audit\.(?:key|checkpoint(?:\.\d+)?)$/u,
  isSecret: true,
};

const Proof = z.strictObject({
  version: z.literal(1),
  ...Head.shape,
  /** The last entry that was deleted for its age: the chain goes on from it. */
  base: Head.exactOptional(),
  /** Up to here the chain was verified: at a start it is walked from there on. */
  verified: Head.exactOptional(),
  at: z.iso.datetime(),
  mac: z.string(),
});
type Unsigned = Omit<z.infer<typeof Proof>, "mac">;

/** The place that was signed last, and where the chain begins. */
export interface SignedHead extends Head {
  readonly base?: Head;
  readonly verified?: Head;
  readonly number: number;
}

/** What is signed next. */
interface NextHead {
  readonly head: Head;
  readonly base?: Head | undefined;
  readonly verified?: Head | undefined;
  readonly at: string;
}

/** Reads and writes the signed head. */
export interface Checkpoint {
  /** What is hashed with the key. */
  readonly hashes: KeyedHashes;
  /** What was signed last; undefined when the file is missing, unreadable or signed with another key. */
  readonly read: () => Promise<SignedHead | undefined>;
  /** Signs in place of what was read; false, and nothing is changed, where somebody else did so meanwhile. */
  readonly replace: (seen: SignedHead, next: NextHead) => Promise<boolean>;
}

/** Opens the checkpoint; where all is new makes the key and signs the empty chain. Throws `audit/key`. */
export async function openCheckpoint(
  files: Files,
  options: { readonly isEmpty: boolean; readonly at: string },
): Promise<Checkpoint> {
  const { isEmpty, at } = options;
  const create = async (name: string, text: string) => await files.put(name, Buffer.from(text), { ifAbsent: true });
  const isNew = isEmpty && (await create(KEY, randomBytes(32).toString("base64url")));
  const key = await readKey(files);
  const sign = (proof: Unsigned): Buffer =>
    createHmac("sha256", key)
      .update(canonicalJson({ ...proof }))
      .digest();
  const signAs = async (number: number, { head, base, verified, at: signedAt }: NextHead): Promise<boolean> => {
    const { sequence, hash } = head;
    const proof: Unsigned = {
      version: 1,
      sequence,
      hash,
      at: signedAt,
      ...(base && { base }),
      ...(verified && { verified }),
    };
    const text = JSON.stringify({ ...proof, mac: sign(proof).toString("base64url") });
    return await create(`${CHECKPOINT}.${number}`, text);
  };
  const newest = await findNewest(files);
  if (isNew || (isEmpty && newest === undefined)) {
    await signAs((newest?.number ?? 0) + 1, { head: { sequence: 0, hash: GENESIS }, at });
  }
  return {
    hashes: keyedHashes(key),
    read: async () => {
      const found = await findNewest(files);
      const proof = found && parse(found.text);
      if (found === undefined || proof === undefined) return undefined;
      const { mac, ...signed } = proof;
      const expected = sign(signed);
      const actual = Buffer.from(mac, "base64url");
      if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return undefined;
      const { version: _version, at: _at, ...places } = signed;
      return { ...places, number: found.number };
    },
    replace: async ({ number }, next) => {
      if (!(await signAs(number + 1, next))) return false;
      for (const [older, name] of await list(files)) if (older <= number) await files.remove(name);
      return true;
    },
  };
}

/** The signature with the highest number. */
async function findNewest(files: Files): Promise<{ readonly number: number; readonly text: string } | undefined> {
  for (;;) {
    const [newest] = [...(await list(files))].toSorted(([left], [right]) => right - left);
    if (newest === undefined) return undefined;
    const [number, key] = newest;
    const text = await readText(files, key);
    // Where it is gone again, somebody has signed a newer one.
    if (text !== undefined) return { number, text };
  }
}

/** The keys of all signatures by their numbers. The first versions had none. */
async function list(files: Files): Promise<ReadonlyMap<number, string>> {
  const found = new Map<number, string>();
  for await (const { key } of files.list(CHECKPOINT)) {
    const number = /^audit\.checkpoint(?:\.(\d+))?$/u.exec(key);
    if (number !== null) found.set(Number(number[1] ?? 0), key);
  }
  return found;
}

async function readText(files: Files, key: string): Promise<string | undefined> {
  const bytes = await files.get(key);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString("utf8");
}

function parse(text: string): z.infer<typeof Proof> | undefined {
  try {
    return Proof.safeParse(JSON.parse(text)).data;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}

async function readKey(files: Files): Promise<Buffer> {
  const text = await readText(files, KEY);
  if (text === undefined) throw keyError(files, "is missing, though the audit has entries");
  const key = Buffer.from(text.trim(), "base64url");
  if (key.length !== 32) throw keyError(files, "does not hold a key of 32 bytes");
  return key;
}

function keyError({ place }: Files, what: string): ParleyError {
  return new ParleyError(
    "audit/key",
    `${place}: ${KEY} ${what}. Without it nobody can tell whether the audit was cut short: restore the file from a backup, ` +
      "or move the database of actions away to begin a new audit.",
  );
}
