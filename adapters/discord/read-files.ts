/** The bytes of a reply's files. */
import type { RawFile } from "discord.js";
import type { AdapterContext } from "../../adapter.ts";
import { ParleyError, TransientSendError } from "../../adapter.ts";
import { MAX_FILE_BYTES } from "./manifest.ts";
import { type DiscordPayload, shortLabel } from "./render.ts";

type OpenFile = AdapterContext<never>["openFile"];

/** The files that fit, and a line for each that does not. */
export async function readFiles(
  { files }: DiscordPayload,
  openFile: OpenFile,
): Promise<{ readonly files: RawFile[]; readonly notes: readonly string[] }> {
  const read: RawFile[] = [];
  const notes: string[] = [];
  for (const { name, mediaType, spoolKey } of files) {
    const data = await readFile(openFile, spoolKey);
    if (data === undefined) notes.push(`-# ${shortLabel(name)} is no longer available.`);
    else if (data.byteLength <= MAX_FILE_BYTES) read.push({ name, data, contentType: mediaType });
    else notes.push(`-# ${shortLabel(name)} is too large for Discord.`);
  }
  return { files: read, notes };
}

/** The bytes, up to a little more than can be sent; undefined when they are gone. */
async function readFile(openFile: OpenFile, key: string): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of await openFile(key)) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size > MAX_FILE_BYTES) break;
    }
  } catch (thrown) {
    if (thrown instanceof ParleyError && !thrown.retryable) return undefined;
    throw new TransientSendError("discord", "a file could not be read", thrown);
  }
  return Buffer.concat(chunks);
}
