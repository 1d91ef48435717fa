/** Copies files of an installation to another place that keeps them, and proves that both hold the same. */
import { createHash } from "node:crypto";
import pLimit from "p-limit";
import { ParleyError } from "../errors.ts";
import { type Files, type KeptFiles, type OpenedFile, readWhole } from "./files.ts";

export interface CopyFilesOptions {
  readonly from: Files;
  readonly to: Files;
  readonly kept: readonly KeptFiles[];
  /** Hears of each file. */
  readonly progress?: (name: string, done: number, all: number) => void;
}

/** What was found when both sides were read. */
export interface CopiedFiles {
  readonly name: string;
  readonly files: number;
  readonly bytes: number;
  /** SHA-256 over all keys and contents in the order of the keys: the same on both sides. */
  readonly hash: string;
}

/** Each is held in memory while it is on its way. */
const AT_ONCE = 4;

/**
 * Copies what is kept; the source stays as it is. Run again after it was cut off, it goes on: what lies on the other side already
 * is compared, not sent. Throws `store/copy` when the target has other files than the source, or the same with another content.
 */
export async function copyFiles({
  from,
  to,
  kept,
  progress = () => undefined,
}: CopyFilesOptions): Promise<readonly CopiedFiles[]> {
  const listed = await Promise.all(kept.map(async (one) => ({ one, own: await keysOf(from, one) })));
  // Before anything is sent: two installations are never mixed.
  for (const { one, own } of listed) await refuseForeign(to, one, own);
  const counts: CopiedFiles[] = [];
  const sending = pLimit(AT_ONCE);
  for (const {
    one: { name },
    own,
  } of listed) {
    let done = 0;
    const copied = await sending
      .map(own, async (key) => {
        const file = await copyFile(from, to, key);
        progress(name, (done += 1), own.length);
        return file;
      })
      .finally(() => sending.clearQueue());
    const hash = createHash("sha256");
    for (const file of copied) hash.update(`${file.key} ${file.hash}\n`);
    const bytes = copied.reduce((sum, file) => sum + file.bytes, 0);
    counts.push({ name, files: copied.length, bytes, hash: hash.digest("hex") });
  }
  return counts;
}

async function keysOf(files: Files, { prefix, keys }: KeptFiles): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { key } of files.list(prefix)) if (keys.test(key)) found.push(key);
  return found.toSorted();
}

async function refuseForeign(to: Files, kept: KeptFiles, own: readonly string[]): Promise<void> {
  const known = new Set(own);
  const foreign = (await keysOf(to, kept)).find((key) => !known.has(key));
  if (foreign !== undefined)
    throw refusal(to, foreign, "is not among the files that are copied (a start or parley doctor there makes some)");
}

async function copyFile(from: Files, to: Files, key: string) {
  const content = await readWhole(await from.open(key));
  if (content === undefined)
    throw new ParleyError(
      "store/copy",
      `${from.place}/${key} went away meanwhile. Stop what writes there, and copy again.`,
    );
  const hash = createHash("sha256").update(content).digest("hex");
  const before = await hashOf(await to.open(key));
  if (before !== undefined && before !== hash) throw refusal(to, key, "has another content there than here");
  if (before === undefined) {
    await to.put(key, content, { ifAbsent: true });
    if ((await hashOf(await to.open(key))) !== hash) throw refusal(to, key, "did not come back as it was written");
  }
  return { key, hash, bytes: content.length };
}

async function hashOf(file: OpenedFile | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const hash = createHash("sha256");
  for await (const part of file.content) hash.update(part);
  return hash.digest("hex");
}

function refusal({ place }: Files, key: string, what: string): ParleyError {
  return new ParleyError(
    "store/copy",
    `"${key}" in ${place} ${what}. Stop everything that writes on either side, empty the target (or name another bucket or prefix), and copy again.`,
  );
}
