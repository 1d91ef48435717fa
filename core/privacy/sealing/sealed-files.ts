/**
 * Files that are sealed where they lie. A file is a header, which names the data key, and pieces of 64 KiB, each sealed
 * and bound to the file's key, to this writing of it, to its position, and to whether it is the last: pieces can be
 * neither moved, mixed, left out nor added. Files from before anything was sealed are read as they are.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { open as openPath, rm, stat, utimes } from "node:fs/promises";
import type { Files, OpenedFile } from "../../files/files.ts";
import { readWhole } from "../../files/files.ts";
import { OVERHEAD } from "./cipher.ts";
import type { Sealing } from "./sealing.ts";

const MAGIC = Buffer.from("PARLEY-SEALED-1\n");
const KEY_ID = 16;
const WRITING = 16;
export const HEADER = MAGIC.length + KEY_ID + WRITING;
export const PIECE = 64 * 1024;

interface SealedFilesOptions {
  readonly sealing: Sealing;
  /** Which files are sealed, by their key. The others are written as they are. */
  readonly seals: (key: string) => boolean;
}

/** Files of which some are sealed. What is read opens whether it is sealed or not. */
export function sealedFiles(files: Files, { sealing, seals }: SealedFilesOptions): Files {
  const open: Files["open"] = async (key, { first } = {}) => {
    const found = await files.open(key, first === undefined ? {} : { first: storedLength(first) });
    return found && (await openFile(sealing, found, first));
  };
  return {
    ...files,
    put: async (key, content, options) => {
      if (!seals(key)) return await files.put(key, content, options);
      await sealing.ready();
      return await files.put(key, await joined(sealPieces(sealing, key, [content])), options);
    },
    take: async (key, path) => {
      if (!seals(key)) return await files.take(key, path);
      await sealing.ready();
      const draft = `${path}.${randomUUID()}.sealed`;
      try {
        await writeAll(draft, sealPieces(sealing, key, createReadStream(path)));
        // How long it is kept counts from when it came in.
        const { atime, mtime } = await stat(path);
        await utimes(draft, atime, mtime);
        await files.take(key, draft);
      } finally {
        await rm(draft, { force: true });
      }
      await rm(path, { force: true });
    },
    get: async (key) => await readWhole(await open(key)),
    open,
    // How long the content is, only the file's beginning tells: whether it is sealed.
    stat: async (key) => {
      if (!seals(key)) return await files.stat(key);
      const found = await open(key, { first: 0 });
      if (found === undefined) return undefined;
      await readWhole(found);
      return { key, bytes: found.bytes, modifiedAt: found.modifiedAt };
    },
  };
}

/** Whether its beginning says that it is sealed, and by which key; undefined for a plain file. */
export function sealedBy(beginning: Uint8Array): string | undefined {
  const bytes = Buffer.from(beginning);
  if (bytes.length < HEADER || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const keyId = bytes.subarray(MAGIC.length, MAGIC.length + KEY_ID).toString("latin1");
  return /^[0-9a-f]{16}$/u.test(keyId) ? keyId : undefined;
}

/** How much of a sealed file holds so much of its content. */
function storedLength(first: number): number {
  return HEADER + Math.ceil(first / PIECE) * (PIECE + OVERHEAD);
}

function piecesIn(stored: number): number {
  return Math.max(1, Math.ceil((stored - HEADER) / (PIECE + OVERHEAD)));
}

async function openFile(sealing: Sealing, file: OpenedFile, first: number | undefined): Promise<OpenedFile> {
  const reader = createReader(file.content);
  const beginning = await reader.take(HEADER);
  const keyId = sealedBy(beginning);
  if (keyId === undefined) return { ...file, content: upTo(plainContent(beginning, reader), first) };
  await sealing.ready();
  const writing = beginning.subarray(MAGIC.length + KEY_ID).toString("hex");
  const pieces = piecesIn(file.bytes);
  const bytes = Math.max(0, file.bytes - HEADER - pieces * OVERHEAD);
  const wanted = first === undefined ? pieces : Math.min(pieces, Math.ceil(first / PIECE));
  const content = openPieces(sealing, reader, { key: file.key, keyId, writing, pieces, wanted });
  return { ...file, bytes, content: upTo(content, first) };
}

interface SealedFile {
  readonly key: string;
  readonly keyId: string;
  readonly writing: string;
  /** All pieces of the file, and how many of them are wanted. */
  readonly pieces: number;
  readonly wanted: number;
}

async function* openPieces(
  sealing: Sealing,
  reader: Reader,
  { key, keyId, writing, pieces, wanted }: SealedFile,
): AsyncGenerator<Uint8Array> {
  try {
    for (let index = 0; index < wanted; index += 1) {
      const payload = await reader.take(PIECE + OVERHEAD);
      const place = placeOf({ key, writing, index, isLast: index === pieces - 1 });
      yield await sealing.reading(async () => sealing.openBytes(place, { keyId, payload }));
    }
  } finally {
    await reader.close();
  }
}

/** Header and pieces of a file. */
async function* sealPieces(
  sealing: Sealing,
  key: string,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const { active: keyId } = sealing.active();
  const writing = randomBytes(WRITING);
  yield Buffer.concat([MAGIC, Buffer.from(keyId, "latin1"), writing]);
  const seal = (bytes: Uint8Array, index: number, isLast: boolean): Uint8Array =>
    sealing.sealBytes(placeOf({ key, writing: writing.toString("hex"), index, isLast }), bytes, keyId).payload;
  const reader = createReader(content);
  // Which one is the last is known once there is none behind it.
  let held = await reader.take(PIECE);
  for (let index = 0; ; index += 1) {
    const next = held.length < PIECE ? Buffer.alloc(0) : await reader.take(PIECE);
    const isLast = next.length === 0;
    yield seal(held, index, isLast);
    if (isLast) return;
    held = next;
  }
}

interface Piece {
  readonly key: string;
  readonly writing: string;
  readonly index: number;
  readonly isLast: boolean;
}

const placeOf = ({ key, writing, index, isLast }: Piece) => ["files", key, writing, index, isLast ? "last" : "more"];

interface Reader {
  /** So many bytes; fewer only at the end. */
  readonly take: (bytes: number) => Promise<Buffer>;
  readonly close: () => Promise<void>;
  /** What was not taken. */
  readonly rest: () => AsyncGenerator<Uint8Array>;
}

function createReader(content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Reader {
  const source = partsOf(content);
  let held = Buffer.alloc(0);
  return {
    take: async (bytes) => {
      const parts = [held];
      let size = held.length;
      while (size < bytes) {
        const { value, done } = await source.next();
        if (done === true) break;
        parts.push(Buffer.from(value));
        size += value.length;
      }
      const whole = Buffer.concat(parts);
      held = whole.subarray(bytes);
      return whole.subarray(0, bytes);
    },
    close: async () => void (await source.return(undefined)),
    rest: async function* () {
      yield held;
      yield* source;
    },
  };
}

async function* partsOf(content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  yield* content;
}

async function* plainContent(beginning: Uint8Array, reader: Reader): AsyncGenerator<Uint8Array> {
  try {
    yield beginning;
    yield* reader.rest();
  } finally {
    await reader.close();
  }
}

/** So many bytes at most; the source is left then. */
async function* upTo(content: AsyncIterable<Uint8Array>, bytes = Number.POSITIVE_INFINITY): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const part of content) {
    if (part.length > 0 && left > 0) yield part.subarray(0, Math.min(left, part.length));
    left -= part.length;
    if (left <= 0) return;
  }
}

async function joined(parts: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const part of parts) all.push(part);
  return Buffer.concat(all);
}

async function writeAll(path: string, parts: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await openPath(path, "wx", 0o600);
  try {
    for await (const part of parts) await file.write(part);
    await file.sync();
  } finally {
    await file.close();
  }
}
