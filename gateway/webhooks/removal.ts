/** Deliveries that go: for their age, with the person they were about, with their endpoint. */
import type { ConversationId } from "../../core/conversation-id.ts";
import type { Databases } from "../../core/store/databases.ts";
import type { Database, Query } from "../../core/store/sql/database.ts";
import { run } from "../../core/store/sql/work.ts";
import * as queries from "./delivery-queries.ts";
import { webhookTables } from "./tables.ts";

export type Removal = ReturnType<typeof createRemoval>;

/** Removes in steps, so that nobody waits long for the database; each gives how many went. */
export function createRemoval(database: Database) {
  const removeAll = async <Values>(select: Query<Values, { readonly id: string }>, values: Values): Promise<number> => {
    let removed = 0;
    for (;;) {
      const found = await database.all(select, values);
      if (found.length === 0) return removed;
      const ids = JSON.stringify(found.map(({ id }) => id));
      await database.write(
        function* () {
          yield* run(queries.removeAttempts, { ids });
          yield* run(queries.removeDeliveries, { ids });
        },
        { lock: [], isRepeatable: true },
      );
      removed += found.length;
    }
  };
  return {
    /** What ended before this time. */
    prune: async (before: number): Promise<number> => await removeAll(queries.endedBefore, { before }),
    /** What was about these conversations, on its way or not. */
    forget: async (conversations: readonly ConversationId[]): Promise<number> => {
      const removed = await removeAll(queries.ofConversations, { conversations: JSON.stringify(conversations) });
      if (removed > 0) await database.scrub();
      return removed;
    },
    /** All of an endpoint. */
    removeOf: async (endpoint: string): Promise<number> => await removeAll(queries.ofEndpoint, { endpoint }),
  };
}

/** Forgets what waits or was delivered about these conversations, whether a server runs or not. */
export async function forgetInWebhooks(
  databases: Pick<Databases, "open">,
  conversations: readonly ConversationId[],
): Promise<void> {
  const database = databases.open(webhookTables.file);
  try {
    for (const module of webhookTables.modules) await database.migrate(module);
    await createRemoval(database).forget(conversations);
  } finally {
    await database.close();
  }
}
