import type { Environment } from "../../environment.ts";
import type { Telemetry } from "../../telemetry.ts";
import type { Store } from "../store.ts";
import { createConnection } from "./connection.ts";
import { createControls } from "./controls.ts";
import { createConversations } from "./conversations.ts";
import { migrate, openDatabase } from "./database.ts";
import { createDeliveries } from "./deliveries.ts";
import { createErasure } from "./erasure.ts";
import { checkDatabase } from "./health.ts";
import { createHistory } from "./history.ts";
import { createMemory } from "./memory.ts";
import { createPeople } from "./people.ts";
import { createPruning } from "./pruning.ts";
import { storeMigrations } from "./schema.ts";
import { createTraces } from "./traces.ts";
import { createTurnCache } from "./turn-cache.ts";
import { createUsage } from "./usage.ts";
import { createValues } from "./values.ts";

export interface SqliteStoreOptions {
  /** The file; made with its folders when it is not there. */
  readonly path: string;
  readonly environment: Environment;
  readonly telemetry: Telemetry;
  /** `full`: a resolved write survives a power cut. `normal`: it survives a crash of the process. @default "full" */
  readonly synchronous?: "full" | "normal";
}

/**
 * Opens the store in one SQLite file, which several processes of one machine may share. A write's promise resolves
 * when it is durable. Throws `store/database` or `store/newer-database`, each with the fix.
 */
export async function createSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { path, synchronous = "full", telemetry, environment } = options;
  const openedAt = environment.clock();
  const database = openDatabase(path, { synchronous });
  try {
    migrate(database, "store", storeMigrations);
  } catch (thrown) {
    database.close();
    throw thrown;
  }
  const connection = createConnection(database);
  const turns = createTurnCache();
  telemetry.log.info({ path, synchronous, milliseconds: environment.clock() - openedAt }, "The store is open");
  return {
    kind: "sqlite",
    conversations: createConversations(connection),
    history: createHistory(connection, turns),
    memory: createMemory(connection),
    traces: createTraces(connection),
    deliveries: createDeliveries(connection),
    people: createPeople(connection),
    controls: createControls(connection),
    usage: createUsage(connection),
    values: createValues(connection),
    erasure: createErasure(connection, turns),
    prune: createPruning(connection),
    check: async () => await checkDatabase(connection),
    close: connection.close,
  };
}
