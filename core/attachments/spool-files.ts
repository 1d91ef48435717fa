/** Where a file of unknown content waits while it comes in: beside the spool, on this machine. */
import { createHash } from "node:crypto";
import { open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { MEDIA_TYPE_BYTES } from "./media-type.ts";

/** What was written: the hash of the content, its first bytes, and its length. */
export interface Written {
  readonly key: string;
  readonly head: Uint8Array;
  readonly sizeBytes: number;
}

/** Writes a new file that only its owner may read. */
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
  } finally {
    await file.close();
  }
  return { key: hash.digest("hex"), head, sizeBytes };
}

/** Removes what a crash left half written before `before`; gives the lengths. */
export async function removeForgotten(directory: string, before: number): Promise<readonly number[]> {
  const removed: number[] = [];
  for (const name of await readdir(directory).catch(() => [])) {
    const path = join(directory, name);
    const facts = await stat(path).catch(() => undefined);
    if (facts === undefined || facts.mtimeMs >= before) continue;
    await rm(path, { force: true });
    removed.push(facts.size);
  }
  return removed;
}
