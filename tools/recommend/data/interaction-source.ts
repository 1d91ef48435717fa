/** Everything that a training reads: the file that a bot starts with, then what was kept since. */
import { z } from "zod";
import {
  type Interaction,
  type InteractionStore,
  openSqliteInteractions,
} from "../../../core/store/interactions/index.ts";
import { readSampleInteractions } from "./sample-file.ts";

/** Where interactions are kept; plain data, so that a training thread can open it by itself. */
export const StorePlace = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("sqlite"), bot: z.string(), path: z.string() }),
  z.object({ kind: z.literal("mongodb"), bot: z.string(), url: z.string(), collection: z.string() }),
]);
export type StorePlace = z.infer<typeof StorePlace>;

/** Opens the store. MongoDB's driver is loaded only where it is used. Throws `store/database`. */
export async function openInteractions(place: StorePlace): Promise<InteractionStore> {
  if (place.kind === "sqlite") return openSqliteInteractions(place.path, place.bot);
  const { openMongoInteractions } = await import("../../../core/store/interactions/mongodb-interactions.ts");
  return await openMongoInteractions(place);
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
