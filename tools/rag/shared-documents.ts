/**
 * The documents that several hosts share: what is in them in the database, the files themselves where the installation keeps
 * files. Each host's index follows it, and whoever has the folder brings in what changed there.
 */
import { createHash, randomUUID } from "node:crypto";
import type { Running } from "../../core/broker/broker.ts";
import type { Clock } from "../../core/environment.ts";
import type { Files } from "../../core/files/files.ts";
import { announce, changes, watchChanges } from "../../core/store/sql/changes.ts";
import type { Database, Work } from "../../core/store/sql/database.ts";
import { first, run } from "../../core/store/sql/work.ts";
import { type DocumentIndex, FOLLOWED } from "./document-index.ts";
import { documentIds, type Format } from "./document.ts";
import type { Content } from "./read-file.ts";
import {
  begin,
  documents,
  findByPath,
  findById,
  findGeneration,
  insertFile,
  listFiles,
  loadFile,
  removeFile,
} from "./shared-tables.ts";

/** A file of the folder as it was read. */
export interface OfferedFile {
  readonly path: string;
  readonly hash: string;
  readonly reader: number;
  readonly format: Format;
  readonly problem?: string | undefined;
  readonly content?: Content | undefined;
  readonly bytes: Uint8Array;
}

export interface SharedPlace {
  readonly database: Database;
  readonly files: Files;
  /** The folder as all hosts name it: relative to the configuration. */
  readonly collection: string;
  /** Whether the folder of every host has all documents. */
  readonly isComplete: boolean;
  readonly clock: Clock;
}

export type SharedDocuments = Awaited<ReturnType<typeof openSharedDocuments>>;

/** Makes the tables. Throws `store/database`. */
export async function openSharedDocuments(place: SharedPlace) {
  const { database, files, collection, isComplete } = place;
  await database.migrate(documents);
  await database.migrate(changes);
  await database.change(begin, { collection, generation: randomUUID() });
  return {
    isComplete,
    generation: (await database.first(findGeneration, { collection }))?.generation ?? "",
    /** Brings in a file; gives the document's id, which stays while the path does. */
    offer: async (file: OfferedFile): Promise<string> => await offer(place, file),
    /** Takes out what is gone from the folder. */
    withdraw: async (path: string): Promise<void> => {
      const before = await write(place, function* () {
        const known = yield* first(findByPath, { collection, path });
        yield* run(removeFile, { collection, path });
        return known;
      });
      if (before !== undefined) await files.remove(keyOf(collection, path, before.hash));
    },
    /** The file itself, as it was when it was read. */
    original: async (path: string, hash: string): Promise<Uint8Array | undefined> =>
      await files.get(keyOf(collection, path, hash)),
    /** Brings an index in line. */
    follow: async (index: DocumentIndex): Promise<void> => await follow(place, index),
    /** Calls `heard` at the beginning and whenever something may have changed. */
    watch: (heard: () => Promise<void>): Running => watchChanges(database, topicOf(collection), heard),
    close: database.close,
  };
}

/** A change that the other hosts hear of. */
async function write<T>({ database, collection }: SharedPlace, work: () => Work<T>): Promise<T> {
  const topic = topicOf(collection);
  return await database.write(
    function* () {
      const result = yield* work();
      yield* announce(topic);
      return result;
    },
    { lock: topic },
  );
}

async function offer(place: SharedPlace, file: OfferedFile): Promise<string> {
  const { files, collection, clock } = place;
  const { path, hash, reader, format, problem, content, bytes } = file;
  if (content !== undefined) await files.put(keyOf(collection, path, hash), bytes, { ifAbsent: true });
  const { id, replaced } = await write(place, function* () {
    const before = yield* first(findByPath, { collection, path });
    let given = before?.id;
    for (const wanted of documentIds(path)) {
      given ??= (yield* first(findById, { collection, id: wanted })) === undefined ? wanted : undefined;
    }
    const free = given ?? digest(path);
    yield* run(removeFile, { collection, path });
    yield* run(insertFile, {
      collection,
      path,
      id: free,
      hash,
      reader,
      format,
      title: content?.document.title ?? null,
      problem: problem ?? null,
      content: content === undefined ? null : JSON.stringify(content),
      updated_at: clock(),
    });
    return { id: free, replaced: before?.hash };
  });
  if (replaced !== undefined && replaced !== hash) await files.remove(keyOf(collection, path, replaced));
  return id;
}

async function follow({ database, collection }: SharedPlace, index: DocumentIndex): Promise<void> {
  const [known, listed] = [index.files(), await database.all(listFiles, { collection })];
  const paths = new Set(listed.map(({ path }) => path));
  for (const record of known.values()) if (!paths.has(record.path)) index.withdraw(record);
  for (const { path, hash, reader } of listed) {
    const record = known.get(path);
    if (record?.hash === hash && record.reader === reader) continue;
    const loaded = await database.first(loadFile, { collection, path });
    if (loaded === undefined) continue;
    const { id, format, content, ...file } = loaded;
    // A file that lies in the folder here as well is looked at again when it changes, and not before.
    const taken = { ...file, path, stamp: record?.stamp ?? FOLLOWED };
    if (content === undefined) index.putUnreadable(taken);
    else index.put(taken, format, content, id);
  }
}

function topicOf(collection: string): string {
  return `documents:${collection}`;
}

function keyOf(collection: string, path: string, hash: string): string {
  return `documents/${digest(collection)}/${digest(path)}-${hash}`;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
