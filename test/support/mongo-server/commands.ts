/** The commands that the double answers, over documents in memory; mingo reads the queries. */
import { Long, type Document } from "bson";
import { aggregate, find } from "mingo";
import { z } from "zod";
import { nameOf } from "./frames.ts";

export interface Databases {
  readonly collections: Map<string, Document[]>;
  readonly cursors: Map<string, { readonly namespace: string; readonly left: Document[] }>;
  next: number;
}

const Documents = z.array(z.record(z.string(), z.unknown()));
const Target = z.looseObject({ $db: z.string() });
const DUPLICATE_KEY = 11_000;
const FIRST_BATCH = 101;

type Answer = (command: Document, target: { readonly namespace: string; readonly databases: Databases }) => Document;

const hello: Answer = () => ({
  isWritablePrimary: true,
  ismaster: true,
  helloOk: true,
  maxBsonObjectSize: 16_777_216,
  maxMessageSizeBytes: 48_000_000,
  maxWriteBatchSize: 100_000,
  localTime: new Date(),
  minWireVersion: 0,
  maxWireVersion: 25,
  readOnly: false,
});

const answers: Readonly<Record<string, Answer>> = {
  hello,
  ismaster: hello,
  isMaster: hello,
  ping: () => ({}),
  endSessions: () => ({}),
  createIndexes: ({ indexes }) => ({ numIndexesBefore: 1, numIndexesAfter: 1 + Documents.parse(indexes).length }),
  insert: ({ documents }, { namespace, databases }) => {
    const kept = collectionOf(databases, namespace);
    const ids = new Set(kept.map(({ _id }) => JSON.stringify(_id)));
    const writeErrors: Document[] = [];
    for (const [index, document] of Documents.parse(documents).entries()) {
      const id = JSON.stringify(document["_id"]);
      if (ids.has(id)) {
        writeErrors.push({ index, code: DUPLICATE_KEY, keyPattern: { _id: 1 }, errmsg: "E11000 duplicate key error" });
      } else {
        ids.add(id);
        kept.push(document);
      }
    }
    const n = Documents.parse(documents).length - writeErrors.length;
    return { n, ...(writeErrors.length > 0 && { writeErrors }) };
  },
  find: (command, { namespace, databases }) => {
    const { filter = {}, sort, skip = 0, limit = 0, batchSize = FIRST_BATCH } = Find.parse(command);
    const cursor = find<Document>(collectionOf(databases, namespace), filter);
    if (sort !== undefined) cursor.sort(sort);
    if (skip > 0) cursor.skip(skip);
    if (limit > 0) cursor.limit(limit);
    return openCursor(databases, namespace, { found: cursor.all(), batchSize });
  },
  getMore: (command, { databases }) => {
    const id = String(command["getMore"]);
    const cursor = databases.cursors.get(id);
    if (cursor === undefined)
      return { ok: 0, code: 43, codeName: "CursorNotFound", errmsg: `cursor id ${id} not found` };
    const nextBatch = cursor.left.splice(0, z.number().default(FIRST_BATCH).parse(command["batchSize"]));
    const isDone = cursor.left.length === 0;
    if (isDone) databases.cursors.delete(id);
    return { cursor: { id: isDone ? Long.ZERO : Long.fromString(id), ns: cursor.namespace, nextBatch } };
  },
  killCursors: ({ cursors }, { databases }) => {
    const killed = z.array(z.unknown()).parse(cursors);
    for (const id of killed) databases.cursors.delete(String(id));
    return { cursorsKilled: killed, cursorsNotFound: [], cursorsAlive: [], cursorsUnknown: [] };
  },
  aggregate: ({ pipeline }, { namespace, databases }) => {
    const found = aggregate(collectionOf(databases, namespace), Documents.parse(pipeline));
    return openCursor(databases, namespace, { found: Documents.parse(found), batchSize: FIRST_BATCH });
  },
  count: ({ query = {} }, { namespace, databases }) => ({
    n: find(collectionOf(databases, namespace), z.record(z.string(), z.unknown()).parse(query)).all().length,
  }),
  update: ({ updates }, { namespace, databases }) => {
    let n = 0;
    for (const { q, u } of Updates.parse(updates)) {
      const found = find<Document>(collectionOf(databases, namespace), q).all();
      for (const document of found) Object.assign(document, u.$set);
      n += found.length;
    }
    return { n, nModified: n };
  },
  delete: ({ deletes }, { namespace, databases }) => {
    let n = 0;
    for (const { q } of z.array(z.looseObject({ q: z.record(z.string(), z.unknown()) })).parse(deletes)) {
      const kept = collectionOf(databases, namespace);
      const gone = new Set(find<Document>(kept, q).all());
      databases.collections.set(
        namespace,
        kept.filter((document) => !gone.has(document)),
      );
      n += gone.size;
    }
    return { n };
  },
};

const Updates = z.array(
  z.looseObject({
    q: z.record(z.string(), z.unknown()),
    u: z.strictObject({ $set: z.record(z.string(), z.unknown()) }),
  }),
);

const Find = z.looseObject({
  filter: z.record(z.string(), z.unknown()).optional(),
  sort: z.record(z.string(), z.literal([1, -1])).optional(),
  skip: z.number().optional(),
  limit: z.number().optional(),
  batchSize: z.number().optional(),
});

/** Answers a command; one that the double does not know is refused, as a server refuses it. */
export function answerCommand(command: Document, databases: Databases): Document {
  const name = nameOf(command);
  const answer = answers[name];
  if (answer === undefined) return { ok: 0, code: 59, codeName: "CommandNotFound", errmsg: `no such command: ${name}` };
  const { $db } = Target.parse({ $db: "admin", ...command });
  const collection: unknown = name === "getMore" ? command["collection"] : command[name];
  return { ok: 1, ...answer(command, { namespace: `${$db}.${String(collection)}`, databases }) };
}

function collectionOf({ collections }: Databases, namespace: string): Document[] {
  const found = collections.get(namespace) ?? [];
  collections.set(namespace, found);
  return found;
}

function openCursor(
  databases: Databases,
  namespace: string,
  { found, batchSize }: { readonly found: readonly Document[]; readonly batchSize: number },
): Document {
  const firstBatch = found.slice(0, batchSize);
  const left = found.slice(batchSize);
  if (left.length === 0) return { cursor: { id: Long.ZERO, ns: namespace, firstBatch } };
  databases.next += 1;
  databases.cursors.set(String(databases.next), { namespace, left });
  return { cursor: { id: Long.fromNumber(databases.next), ns: namespace, firstBatch } };
}
