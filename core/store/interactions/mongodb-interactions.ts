/** Interactions in MongoDB, through its official driver. */
import { MongoBulkWriteError, MongoClient, type Collection, type Filter } from "mongodb";
import { z } from "zod";
import { toError } from "../../errors.ts";
import { CorruptRowError, DatabaseError, StoreClosedError } from "../sqlite/errors.ts";
import { Interaction, InteractionAction } from "./interaction.ts";
import type { InteractionFilter, InteractionStore, VersionCount } from "./interaction-store.ts";

/** A document: the interaction as it came, and beside it what is searched by. */
interface StoredInteraction {
  /** Source and id, so that nothing is kept twice. */
  readonly _id: string;
  readonly user: string;
  readonly session: string;
  readonly type: string;
  readonly action: string | null;
  readonly modelVersion: string | null;
  readonly products: readonly string[];
  readonly at: Date;
  readonly receivedAt: Date;
  readonly body: Interaction;
}

export interface MongoInteractionOptions {
  /** `mongodb://…`; the database is the one it names, or `parley`. */
  readonly url: string;
  /** @default "interactions" */
  readonly collection?: string;
  /** How long to look for a server before an error says that there is none. @default 5_000 */
  readonly timeoutMs?: number;
}

const DUPLICATE_KEY = 11_000;

const VersionGroup = z.object({
  _id: z.object({ modelVersion: z.string(), action: InteractionAction }),
  count: z.number(),
});

/** Connects and makes the indexes. Throws `store/database` when no server answers. */
export async function openMongoInteractions(options: MongoInteractionOptions): Promise<InteractionStore> {
  const { url, collection: name = "interactions", timeoutMs = 5_000 } = options;
  const client = new MongoClient(url, { serverSelectionTimeoutMS: timeoutMs, appName: "parley" });
  const collection = client
    .db(client.options.dbName === "test" ? "parley" : undefined)
    .collection<StoredInteraction>(name);
  const state = { closed: false };
  const answered = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (state.closed) throw new StoreClosedError();
    return await translated(work);
  };
  try {
    await answered(async () => await makeIndexes(collection));
  } catch (thrown) {
    await client.close();
    throw thrown;
  }
  return {
    kind: "mongodb",
    add: async (interactions) => await answered(async () => await insertNew(collection, interactions)),
    ofUser: async (userId, limit) => await answered(async () => await newest(collection, { user: userId }, limit)),
    ofSession: async (sessionId, limit) =>
      await answered(async () => await newest(collection, { session: sessionId }, limit)),
    batches: (size, filter) => readBatches(collection, size, filter),
    count: async (filter) => await answered(async () => await collection.countDocuments(filterOf(filter))),
    countByVersion: async () => await answered(async () => await countByVersion(collection)),
    forget: async (userId) => await answered(async () => (await collection.deleteMany({ user: userId })).deletedCount),
    prune: async (before) =>
      await answered(async () => (await collection.deleteMany({ at: { $lt: new Date(before) } })).deletedCount),
    check: async () => {
      const count = await answered(async () => await collection.estimatedDocumentCount());
      return [{ name: "interactions", status: "ok", detail: `${count} in MongoDB (${collection.namespace})` }];
    },
    close: async () => {
      state.closed = true;
      await client.close();
    },
  };
}

async function makeIndexes(collection: Collection<StoredInteraction>): Promise<void> {
  await collection.createIndexes([
    { key: { user: 1, at: 1 } },
    { key: { session: 1, at: 1 } },
    { key: { at: 1 } },
    { key: { type: 1, at: 1 } },
    { key: { products: 1 } },
    { key: { receivedAt: 1, _id: 1 } },
  ]);
}

async function insertNew(
  collection: Collection<StoredInteraction>,
  interactions: readonly Interaction[],
): Promise<number> {
  if (interactions.length === 0) return 0;
  try {
    const { insertedCount } = await collection.insertMany(interactions.map(documentOf), { ordered: false });
    return insertedCount;
  } catch (thrown) {
    if (!(thrown instanceof MongoBulkWriteError)) throw thrown;
    const failures = Array.isArray(thrown.writeErrors) ? thrown.writeErrors : [thrown.writeErrors];
    if (failures.some(({ code }) => code !== DUPLICATE_KEY)) throw thrown;
    return thrown.insertedCount;
  }
}

function documentOf(interaction: Interaction): StoredInteraction {
  const { source, id, userId, sessionId, type, action = null, modelVersion = null, productIds } = interaction;
  return {
    _id: JSON.stringify([source, id]),
    user: userId,
    session: sessionId,
    type,
    action,
    modelVersion,
    products: productIds,
    at: new Date(interaction.timestamp),
    receivedAt: new Date(interaction.receivedAt),
    body: interaction,
  };
}

async function newest(
  collection: Collection<StoredInteraction>,
  filter: Filter<StoredInteraction>,
  limit: number,
): Promise<readonly Interaction[]> {
  const found = await collection.find(filter).sort({ at: -1, receivedAt: -1 }).limit(limit).toArray();
  return found.map(interactionOf).toReversed();
}

async function* readBatches(
  collection: Collection<StoredInteraction>,
  size: number,
  filter: InteractionFilter | undefined,
): AsyncGenerator<readonly Interaction[]> {
  const cursor = collection.find(filterOf(filter)).sort({ receivedAt: 1, _id: 1 }).batchSize(size);
  try {
    while (await translated(async () => await cursor.hasNext())) {
      const batch: Interaction[] = [];
      // What the server has sent is taken without asking again.
      for (const document of cursor.readBufferedDocuments(size)) batch.push(interactionOf(document));
      yield batch;
    }
  } finally {
    await cursor.close();
  }
}

async function countByVersion(collection: Collection<StoredInteraction>): Promise<readonly VersionCount[]> {
  const groups = await collection
    .aggregate([
      { $match: { modelVersion: { $ne: null }, action: { $ne: null } } },
      { $group: { _id: { modelVersion: "$modelVersion", action: "$action" }, count: { $sum: 1 } } },
      { $sort: { "_id.modelVersion": 1, "_id.action": 1 } },
    ])
    .toArray();
  return groups.map((group) => {
    const { _id, count } = VersionGroup.parse(group);
    return { ..._id, count };
  });
}

function filterOf(filter: InteractionFilter | undefined): Filter<StoredInteraction> {
  return filter?.receivedSince === undefined ? {} : { receivedAt: { $gte: new Date(filter.receivedSince) } };
}

/** What comes out of the database is checked like anything else from outside. */
function interactionOf({ body }: StoredInteraction): Interaction {
  const parsed = Interaction.safeParse(body);
  if (!parsed.success) throw new CorruptRowError("interactions", parsed.error);
  return parsed.data;
}

async function translated<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof DatabaseError || thrown instanceof CorruptRowError) throw thrown;
    const cause = toError(thrown);
    const message = `MongoDB did not do it (${cause.name}: ${cause.message}). Does the server run, and may this user write?`;
    throw new DatabaseError(message, { retryable: true, cause });
  }
}
