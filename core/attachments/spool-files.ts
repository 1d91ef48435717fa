import { createHash } from "node:crypto";
import { access, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { MEDIA_TYPE_BYTES } from "./media-type.ts";

/** A file in the spool's directory, whole or half written. */
export interface SpoolFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedAt: number;
}

/** True for the error of a path that is not there. */
export function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
}

/** All files; nothing where the directory is not made yet. Files that vanish meanwhile are left out. */
export async function listSpool(directory: string): Promise<readonly SpoolFile[]> {
  const files: SpoolFile[] = [];
  for (const folder of await entriesOf(directory)) {
    for (const name of await entriesOf(join(directory, folder))) {
      const path = join(directory, folder, name);
      try {
        const { size, mtimeMs } = await stat(path);
        files.push({ path, sizeBytes: size, modifiedAt: mtimeMs });
      } catch (thrown) {
        if (!isMissing(thrown)) throw thrown;
      }
    }
  }
  return files;
}

async function entriesOf(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (thrown) {
    if (isMissing(thrown)) return [];
    throw thrown;
  }
}

export async function removeIfThere(path: string): Promise<void> {
  await rm(path, { force: true });
}

/** What was written: the hash of the content, its first bytes, and its length. */
export interface Written {
  readonly key: string;
  readonly head: Uint8Array;
  readonly sizeBytes: number;
}

/** Writes a new file that only its owner may read; resolves when it is on the disk. */
export async function writeFile(path: string, bytes: AsyncIterable<Uint8Array>): Promise<Written> {
  const hash = createHash("sha256");
  let head: Uint8Array = new Uint8Array();
  let sizeBytes = 0;
  const file = await open(path, "wx", 0o600);
  try {
    for await (const chunk of bytes) {
      sizeBytes += chunk.byteLength;
      if (head.length < MEDIA_TYPE_BYTES) head = Buffer.concat([head, chunk]).subarray(0, MEDIA_TYPE_BYTES);
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { key: hash.digest("hex"), head, sizeBytes };
}

/** Renames a file into its place and makes that survive a power cut. False when the same content was there already. */
export async function moveIn(from: string, to: string): Promise<boolean> {
  const folder = dirname(to);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const isNew = await access(to).then(
    () => false,
    () => true,
  );
  await rename(from, to);
  const directory = await open(folder, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
  return isNew;
}
