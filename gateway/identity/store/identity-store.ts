/** Everything that is kept of users: one contract, by the same queries on SQLite and PostgreSQL. */
import type { Check } from "../../../core/check.ts";
import type { Databases } from "../../../core/store/databases.ts";
import { type Anomalies, createAnomalies } from "./anomalies.ts";
import { type ApiKeys, createApiKeys } from "./api-keys.ts";
import { type Attempts, createAttempts } from "./attempts.ts";
import { createFactors, type Factors } from "./factors.ts";
import { createLinks, type Links } from "./links.ts";
import { createOneUses, type OneUses } from "./one-use.ts";
import { pruneIdentity } from "./prune.ts";
import { identityTables } from "./schema.ts";
import { createSessions, type Sessions } from "./sessions.ts";
import { createUsers, type Users } from "./users.ts";

export interface IdentityStore {
  readonly users: Users;
  readonly factors: Factors;
  readonly oneUse: OneUses;
  readonly sessions: Sessions;
  readonly apiKeys: ApiKeys;
  readonly links: Links;
  readonly attempts: Attempts;
  readonly anomalies: Anomalies;
  /** Deletes what is over; gives how many rows. */
  readonly prune: (now: number) => Promise<number>;
  readonly check: () => Promise<readonly Check[]>;
  readonly close: () => Promise<void>;
}

/** Opens it. Close it before the databases. */
export async function openIdentityStore(databases: Databases): Promise<IdentityStore> {
  const { file, modules } = identityTables;
  const database = databases.open(file);
  try {
    for (const module of modules) await database.migrate(module);
  } catch (thrown) {
    await database.close();
    throw thrown;
  }
  return {
    users: createUsers(database),
    factors: createFactors(database),
    oneUse: createOneUses(database),
    sessions: createSessions(database),
    apiKeys: createApiKeys(database),
    links: createLinks(database),
    attempts: createAttempts(database),
    anomalies: createAnomalies(database),
    prune: async (now) => await pruneIdentity(database, now),
    check: database.check,
    close: database.close,
  };
}
