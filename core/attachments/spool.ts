/**
 * Files on our side, kept under the hash of their content.
 *
 * A file comes in beside its place and gets its key when it is whole: whoever finds a key finds all of its bytes. The
 * same content has the same key, so it is stored once.
 */
import { mkdir, rm, utimes } from "node:fs/promises";
import { join } from "node:path";
import type { SpooledFile } from "../adapter.ts";
import type { Environment } from "../environment.ts";
import { ParleyError } from "../errors.ts";
import type { Files, KeptFiles, OpenedFile, StoredFile } from "../files/files.ts";
import { AttachmentTooLargeError, AttachmentUnknownError } from "./errors.ts";
import { MEDIA_TYPE_BYTES, detectMediaType } from "./media-type.ts";
import { removeForgotten, writeFile } from "./spool-files.ts";

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
  /** Where they are kept, under `spool/`. */
  readonly files: Files;
  /** Where they come in, on this machine; made when it is first needed, readable by its owner only. */
  readonly incoming: string;
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
const FOLDER = "spool/";
/** What came in whole: what still comes in may stand beside it. */
export const spooledFiles: KeptFiles = {
  name: "uploads",
  prefix: FOLDER,
  keys: /^spool\/[0-9a-f]{2}\/[0-9a-f]{64}$/u,
};
const isKey = (key: string): boolean => /^[0-9a-f]{64}$/u.test(key);
const placeOf = (key: string): string => `${FOLDER}${key.slice(0, 2)}/${key}`;

export function createSpool(options: SpoolOptions): Spool {
  const { files, incoming, environment, maxBytes = 20 * MIB } = options;
  const { quotaBytes = 2048 * MIB, retentionMs = 7 * DAY_MS } = options;
  const usage = createUsage(files, quotaBytes);
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
        const isNew = (await files.stat(placeOf(key))) === undefined;
        await files.take(placeOf(key), temporary);
        if (isNew) reserve.keep();
        return { key, sizeBytes, mediaType: detectMediaType(head, facts.name) };
      } finally {
        reserve.release();
        await rm(temporary, { force: true });
      }
    },
    open: async (key) => (await openFile(files, key)).content,
    facts: async (key, name) => {
      const { bytes, content } = await openFile(files, key, MEDIA_TYPE_BYTES);
      const head: Uint8Array[] = [];
      for await (const part of content) head.push(part);
      return { key, sizeBytes: bytes, mediaType: detectMediaType(Buffer.concat(head), name) };
    },
    remove: async (key) => {
      if (isKey(key)) await files.remove(placeOf(key));
      usage.forget();
    },
    sweep: async (before = environment.clock() - retentionMs) => {
      const removed = [...(await removeForgotten(incoming, before))];
      for await (const file of spooled(files)) {
        if (file.modifiedAt >= before) continue;
        await files.remove(file.key);
        removed.push(file.bytes);
      }
      usage.forget();
      return { removed: removed.length, bytes: removed.reduce((sum, bytes) => sum + bytes, 0) };
    },
  };
}

async function* spooled(files: Files): AsyncGenerator<StoredFile> {
  for await (const file of files.list(FOLDER)) if (spooledFiles.keys.test(file.key)) yield file;
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

async function openFile(files: Files, key: string, first?: number): Promise<OpenedFile> {
  const opened = isKey(key) ? await files.open(placeOf(key), first === undefined ? {} : { first }) : undefined;
  if (opened === undefined) throw new AttachmentUnknownError("in the spool");
  return opened;
}

interface Reservation {
  /** Throws `attachment/spool-full`. */
  readonly grow: (by: number) => void;
  readonly keep: () => void;
  /** Gives back what was not kept. */
  readonly release: () => void;
}

/** How full the spool is, files in the making included; read from the storage at first and after each sweep. */
function createUsage(
  files: Files,
  quotaBytes: number,
): { readonly reserve: () => Promise<Reservation>; readonly forget: () => void } {
  let stored: number | undefined;
  let reserved = 0;
  return {
    forget: () => {
      stored = undefined;
    },
    reserve: async () => {
      stored ??= await bytesIn(files);
      let mine = 0;
      return {
        grow: (by) => {
          if ((stored ?? 0) + reserved + by > quotaBytes)
            throw new ParleyError(
              "attachment/spool-full",
              `The spool for files has reached its quota of ${quotaBytes} bytes; old files make room when they are swept.`,
              { status: 507, retryable: true },
            );
          mine += by;
          reserved += by;
        },
        keep: () => {
          if (stored !== undefined) stored += mine;
        },
        release: () => {
          reserved -= mine;
          mine = 0;
        },
      };
    },
  };
}

async function bytesIn(files: Files): Promise<number> {
  let sum = 0;
  for await (const { bytes } of spooled(files)) sum += bytes;
  return sum;
}
