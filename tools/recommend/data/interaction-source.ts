/** Everything that a training reads: the file that a bot starts with, then what was kept since. */
import { z } from "zod";
import { type Databases, type DatabasesOrigin, openDatabasesOf } from "../../../core/store/databases.ts";
import { type Interaction, type InteractionStore, openInteractions } from "../../../core/store/interactions/index.ts";
import { readSampleInteractions } from "./sample-file.ts";

/** Where interactions are kept; plain data, so that a training thread can open it by itself. */
export const StorePlace = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("databases"),
    bot: z.string(),
    origin: z.custom<DatabasesOrigin>((value) => typeof value === "object"),
  }),
  z.object({ kind: z.literal("mongodb"), bot: z.string(), url: z.string(), collection: z.string() }),
]);
export type StorePlace = z.infer<typeof StorePlace>;

/** The SQLite file of everything that the recommender keeps. */
export const FILE = "recommend.sqlite";

/**
 * Opens the store; without `databases` by connections of its own. MongoDB's driver is loaded only where it is used. Throws
 * `store/database`.
 */
export async function openStore(place: StorePlace, databases?: Databases): Promise<InteractionStore> {
  if (place.kind === "mongodb") {
    const { openMongoInteractions } = await import("../../../core/store/interactions/mongodb-interactions.ts");
    return await openMongoInteractions(place);
  }
  const own = databases ?? (await openDatabasesOf(place.origin));
  const store = await openInteractions(own.open(FILE, { synchronous: "normal" }), place.bot);
  if (own === databases) return store;
  const close = async (): Promise<void> => {
    await store.close();
    await own.close();
  };
  return { ...store, close };
}

/** The source of answers that somebody gave without agreeing that the bot may learn from them. */
export const UNSHARED = "chat-unshared";

const BATCH = 2_000;

// All interactions that may be learned from, in batches; may be called again.
export async function* readForTraining(
  store: Pick<InteractionStore, "batches">,
  sampleFile: string | undefined,
): AsyncGenerator<readonly Interaction[]> {
  if (sampleFile !== undefined) yield await readSampleInteractions(sampleFile);
  for await (const batch of store.batches(BATCH)) yield batch.filter(({ source }) => source !== UNSHARED);
}
