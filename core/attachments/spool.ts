/**
 * Files on our side, kept under the hash of their content.
 *
 * A file is written beside its place and renamed into it when it is whole and on the disk: whoever finds a key finds
 * all of its bytes. The same content has the same key, so it is stored once.
 */
import { ParleyError } from "../errors.ts";
import { type FileHandle, mkdir, open, utimes } from "node:fs/promises";
import { join } from "node:path";
import type { SpooledFile } from "../adapter.ts";
import type { Environment } from "../environment.ts";
import { AttachmentTooLargeError, AttachmentUnknownError } from "./errors.ts";
import { MEDIA_TYPE_BYTES, detectMediaType } from "./media-type.ts";
import { isMissing, listSpool, moveIn, removeIfThere, writeFile } from "./spool-files.ts";

/** What the sender said about a file. */
export interface FileFacts {
  readonly name?: string;
  readonly mediaType?: string;
}

export interface Spool {
  /** Longest file. */
  readonly maxBytes: number;
  /** Keeps the bytes. Throws `attachment/too-large` or `attachment/spool-full`; then nothing is left behind. */
  readonly put: (bytes: AsyncIterable<Uint8Array>, facts?: FileFacts) => Promise<SpooledFile>;
  /** Throws `attachment/unknown`. */
  readonly open: (key: string) => Promise<AsyncIterable<Uint8Array>>;
  /** Size and detected type. Throws `attachment/unknown`. */
  readonly facts: (key: string, name?: string) => Promise<SpooledFile>;
  /** Removes one file; nothing happens when it is not there. */
  readonly remove: (key: string) => Promise<void>;
  /** Removes what was last put before `before` (ms since the epoch), and what a crash left half written. */
  readonly sweep: (before?: number) => Promise<{ readonly removed: number; readonly bytes: number }>;
}

export interface SpoolOptions {
  /** Made when it is first needed, readable by its owner only. */
  readonly directory: string;
  readonly environment: Pick<Environment, "clock" | "newId">;
  /** Longest file. @default 20 MiB */
  readonly maxBytes?: number;
  /** All files together. @default 2 GiB */
  readonly quotaBytes?: number;
  /** How long files are kept, in ms. @default 7 days */
  readonly retentionMs?: number;
}

const MIB = 1024 * 1024;
const DAY_MS = 24 * 60 * 60_000;
const isKey = (key: string): boolean => /^[0-9a-f]{64}$/.test(key);

export function createSpool(options: SpoolOptions): Spool {
  const { directory, environment, maxBytes = 20 * MIB, quotaBytes = 2048 * MIB, retentionMs = 7 * DAY_MS } = options;
  const incoming = join(directory, "incoming");
  const usage = createUsage(directory, quotaBytes);
  return {
    maxBytes,
    put: async (bytes, facts = {}) => {
      await mkdir(incoming, { recursive: true, mode: 0o700 });
      const temporary = join(incoming, environment.newId());
      const reserve = await usage.reserve();
      try {
        const { key, head, sizeBytes } = await writeFile(temporary, guard(bytes, maxBytes, reserve.grow));
        const now = new Date(environment.clock());
        await utimes(temporary, now, now);
        if (await moveIn(temporary, pathOf(directory, key))) reserve.keep();
        return { key, sizeBytes, mediaType: detectMediaType(head, facts.name) };
      } finally {
        reserve.release();
        await removeIfThere(temporary);
      }
    },
    open: async (key) => (await openFile(directory, key)).createReadStream(),
    facts: async (key, name) => {
      const file = await openFile(directory, key);
      try {
        const { size } = await file.stat();
        const { buffer, bytesRead } = await file.read(Buffer.alloc(MEDIA_TYPE_BYTES), 0, MEDIA_TYPE_BYTES, 0);
        return { key, sizeBytes: size, mediaType: detectMediaType(buffer.subarray(0, bytesRead), name) };
      } finally {
        await file.close();
      }
    },
    remove: async (key) => {
      if (isKey(key)) await removeIfThere(pathOf(directory, key));
      usage.forget();
    },
    sweep: async (before = environment.clock() - retentionMs) => {
      const files = await listSpool(directory);
      const old = files.filter((file) => file.modifiedAt < before);
      for (const file of old) await removeIfThere(file.path);
      usage.forget();
      return { removed: old.length, bytes: old.reduce((sum, file) => sum + file.sizeBytes, 0) };
    },
  };
}

// Passes the bytes on while they are within the file's limit and the spool's quota.
async function* guard(
  bytes: AsyncIterable<Uint8Array>,
  maxBytes: number,
  grow: (by: number) => void,
): AsyncGenerator<Uint8Array> {
  let sizeBytes = 0;
  for await (const chunk of bytes) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxBytes) throw new AttachmentTooLargeError(maxBytes);
    grow(chunk.byteLength);
    yield chunk;
  }
}

function pathOf(directory: string, key: string): string {
  return join(directory, key.slice(0, 2), key);
}

async function openFile(directory: string, key: string): Promise<FileHandle> {
  try {
    if (isKey(key)) return await open(pathOf(directory, key), "r");
  } catch (thrown) {
    if (!isMissing(thrown)) throw thrown;
  }
  throw new AttachmentUnknownError("in the spool");
}

interface Reservation {
  /** Throws `attachment/spool-full`. */
  readonly grow: (by: number) => void;
  readonly keep: () => void;
  /** Gives back what was not kept. */
  readonly release: () => void;
}

/** How full the spool is, files in the making included; read from the disk at first and after each sweep. */
function createUsage(
  directory: string,
  quotaBytes: number,
): { readonly reserve: () => Promise<Reservation>; readonly forget: () => void } {
  let onDisk: number | undefined;
  let reserved = 0;
  return {
    forget: () => {
      onDisk = undefined;
    },
    reserve: async () => {
      onDisk ??= (await listSpool(directory)).reduce((sum, file) => sum + file.sizeBytes, 0);
      let mine = 0;
      return {
        grow: (by) => {
          if ((onDisk ?? 0) + reserved + by > quotaBytes)
            throw new ParleyError(
              "attachment/spool-full",
              `The spool for files has reached its quota of ${quotaBytes} bytes; old files make room when they are swept.`,
              { status: 507, retryable: true },
            );
          mine += by;
          reserved += by;
        },
        keep: () => {
          if (onDisk !== undefined) onDisk += mine;
        },
        release: () => {
          reserved -= mine;
          mine = 0;
        },
      };
    },
  };
}
