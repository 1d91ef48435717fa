/** Interactions in MongoDB, through its official driver. */
import { MongoBulkWriteError, MongoClient, type Collection, type Filter } from "mongodb";
import { z } from "zod";
import { toError } from "../../errors.ts";
import { CorruptRowError, DatabaseError, StoreClosedError } from "../errors.ts";
import { Interaction, InteractionAction } from "./interaction.ts";
import type { InteractionFilter, InteractionStore, VersionCount } from "./interaction-store.ts";

/** A document: the interaction as it came, and beside it what is searched by. */
interface StoredInteraction {
  /** Bot, source and id, so that nothing is kept twice. */
  readonly _id: string;
  readonly bot: string;
  readonly user: string;
  readonly customer: string | null;
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
  /** Whose interactions these are. */
  readonly bot: string;
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
  const { url, bot, collection: name = "interactions", timeoutMs = 5_000 } = options;
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
    await answered(async () => await prepare(collection, bot));
  } catch (thrown) {
    await client.close();
    throw thrown;
  }
  return {
    add: async (interactions) => await answered(async () => await insertNew(collection, bot, interactions)),
    ofUser: async (userId, limit, actions) =>
      await answered(async () => {
        const only = actions === undefined ? {} : { action: { $in: [...actions] } };
        return await newest(collection, { ...ofPerson(bot, userId), ...only }, limit);
      }),
    ofSession: async (sessionId, limit) =>
      await answered(async () => await newest(collection, { bot, session: sessionId }, limit)),
    batches: (size, filter) => readBatches(collection, size, filterOf(bot, filter)),
    count: async (filter) => await answered(async () => await collection.countDocuments(filterOf(bot, filter))),
    countByVersion: async () => await answered(async () => await countByVersion(collection, bot)),
    forget: async (userId) =>
      await answered(async () => (await collection.deleteMany(ofPerson(bot, userId))).deletedCount),
    prune: async (before) =>
      await answered(async () => (await collection.deleteMany({ bot, at: { $lt: new Date(before) } })).deletedCount),
    check: async () => {
      const count = await answered(async () => await collection.countDocuments({ bot }));
      return [
        { name: "interactions", status: "ok", detail: `${count} in MongoDB (${collection.namespace}), of ${bot}` },
      ];
    },
    close: async () => {
      state.closed = true;
      await client.close();
    },
  };
}

/** Indexes; and what earlier versions kept names no bot: the first bot that opens the collection takes it over. */
async function prepare(collection: Collection<StoredInteraction>, bot: string): Promise<void> {
  await collection.createIndexes([
    { key: { bot: 1, user: 1, at: 1 } },
    { key: { bot: 1, customer: 1, at: 1 } },
    { key: { bot: 1, session: 1, at: 1 } },
    { key: { bot: 1, at: 1 } },
    { key: { bot: 1, receivedAt: 1, _id: 1 } },
  ]);
  await collection.updateMany({ bot: { $exists: false } }, { $set: { bot, customer: null } });
}

const ofPerson = (bot: string, userId: string): Filter<StoredInteraction> => ({
  bot,
  $or: [{ user: userId }, { customer: userId }],
});

async function insertNew(
  collection: Collection<StoredInteraction>,
  bot: string,
  interactions: readonly Interaction[],
): Promise<number> {
  if (interactions.length === 0) return 0;
  try {
    const { insertedCount } = await collection.insertMany(
      interactions.map((one) => documentOf(bot, one)),
      { ordered: false },
    );
    return insertedCount;
  } catch (thrown) {
    if (!(thrown instanceof MongoBulkWriteError)) throw thrown;
    const failures = Array.isArray(thrown.writeErrors) ? thrown.writeErrors : [thrown.writeErrors];
    if (failures.some(({ code }) => code !== DUPLICATE_KEY)) throw thrown;
    return thrown.insertedCount;
  }
}

function documentOf(bot: string, interaction: Interaction): StoredInteraction {
  const { source, id, userId, sessionId, type, action = null, modelVersion = null, productIds } = interaction;
  return {
    _id: JSON.stringify([bot, source, id]),
    bot,
    user: userId,
    customer: interaction.customerId ?? null,
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
  filter: Filter<StoredInteraction>,
): AsyncGenerator<readonly Interaction[]> {
  const cursor = collection.find(filter).sort({ receivedAt: 1, _id: 1 }).batchSize(size);
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

async function countByVersion(
  collection: Collection<StoredInteraction>,
  bot: string,
): Promise<readonly VersionCount[]> {
  const groups = await collection
    .aggregate([
      { $match: { bot, modelVersion: { $ne: null }, action: { $ne: null } } },
      { $group: { _id: { modelVersion: "$modelVersion", action: "$action" }, count: { $sum: 1 } } },
      { $sort: { "_id.modelVersion": 1, "_id.action": 1 } },
    ])
    .toArray();
  return groups.map((group) => {
    const { _id, count } = VersionGroup.parse(group);
    return { ..._id, count };
  });
}

function filterOf(bot: string, filter: InteractionFilter | undefined): Filter<StoredInteraction> {
  return { bot, ...(filter?.receivedSince !== undefined && { receivedAt: { $gte: new Date(filter.receivedSince) } }) };
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
