/** The store on whichever database the installation has. */
import type { Environment } from "../environment.ts";
import type { Sealing } from "../privacy/sealing/index.ts";
import type { Telemetry } from "../telemetry.ts";
import type { Database } from "./sql/database.ts";
import type { Store } from "./store.ts";
import { createControls } from "./tables/controls.ts";
import { createConversations } from "./tables/conversations.ts";
import { createDeliveries } from "./tables/deliveries.ts";
import { createErasure } from "./tables/erasure.ts";
import { createHistory } from "./tables/history.ts";
import { createMemory } from "./tables/memory.ts";
import { createPeople } from "./tables/people.ts";
import { createPruning } from "./tables/pruning.ts";
import { storeModule } from "./tables/schema.ts";
import { createTraces } from "./tables/traces.ts";
import { createTurnCache } from "./tables/turn-cache.ts";
import { createUsage } from "./tables/usage.ts";
import { createValues } from "./tables/values.ts";

export interface StoreOptions {
  readonly environment: Pick<Environment, "clock">;
  readonly telemetry: Telemetry;
  readonly sealing: Sealing;
}

/**
 * Makes or updates the tables, and gives the store, which owns the database from then on: it closes it, also where this
 * throws (`store/database`, `store/newer-database`, `store/older-database`, `sealing/key-missing`, each with the fix). A write's promise
 * resolves when it is durable.
 */
export async function createStore(
  database: Database,
  { environment, telemetry, sealing }: StoreOptions,
): Promise<Store> {
  const openedAt = environment.clock();
  try {
    await database.migrate(storeModule);
    await sealing.ready();
  } catch (thrown) {
    await database.close();
    throw thrown;
  }
  const turns = createTurnCache();
  telemetry.log.info({ store: database.place, milliseconds: environment.clock() - openedAt }, "The store is open");
  return {
    kind: database.engine,
    conversations: createConversations(database),
    history: createHistory(database, turns),
    memory: createMemory(database, sealing),
    traces: createTraces(database),
    deliveries: createDeliveries(database),
    people: createPeople(database, sealing),
    controls: createControls(database, sealing),
    usage: createUsage(database),
    values: createValues(database, sealing),
    erasure: createErasure(database, turns),
    prune: createPruning(database, sealing),
    check: database.check,
    close: database.close,
  };
}
