/**
 * Deliveries: one message on its way to one endpoint, with the log of its attempts. The table is what counts; the queue only
 * brings them back in time.
 */
import type { Environment } from "../../core/environment.ts";
import type { Database, Query } from "../../core/store/sql/database.ts";
import { all, first, last, run } from "../../core/store/sql/work.ts";
import * as queries from "./delivery-queries.ts";
import { hashedId, type WebhookMessage } from "./event.ts";
import { type Settlement, settleAttempt } from "./settle.ts";
import { type AttemptRow, type DeliveryRow, type DeliveryStatus, lockOf } from "./tables.ts";

export interface Delivery extends DeliveryRow {
  /** The newest first. */
  readonly log: readonly AttemptRow[];
}

export type Deliveries = ReturnType<typeof createDeliveries>;

interface DeliveryParts {
  readonly database: Database;
  readonly environment: Pick<Environment, "clock">;
}

const LOG_SHOWN = 50;
const NEWEST = Number.MAX_SAFE_INTEGER;

/** The deliveries in a database that was migrated. */
export function createDeliveries({ database, environment: { clock } }: DeliveryParts) {
  const find = async (id: string) => await database.first(queries.byId, { id });
  return {
    find,
    /** Notes the message for the endpoint, once; gives the delivery as it stands. */
    add: async (endpoint: string, message: WebhookMessage): Promise<DeliveryRow | undefined> => {
      const { id, type, body, conversation = null } = message;
      const delivery = hashedId("dlv", `${id} ${endpoint}`);
      return await database.write(
        function* () {
          yield* run(queries.insert, {
            id: delivery,
            endpoint,
            message: id,
            type,
            body,
            conversation,
            now: clock(),
          });
          return yield* first(queries.byId, { id: delivery });
        },
        { lock: [], isRepeatable: true },
      );
    },
    /** Newest first, before the `number` of one of them. */
    page: async (
      endpoint: string,
      filter: {
        readonly limit: number;
        readonly before?: number | undefined;
        readonly status?: DeliveryStatus | undefined;
        readonly type?: string | undefined;
      },
    ): Promise<readonly DeliveryRow[]> => {
      const { limit, status = "", type = "", before = NEWEST } = filter;
      return await database.all(queries.page, { endpoint, limit, status, type, before });
    },
    /** With its last attempts. */
    inspect: async (id: string): Promise<Delivery | undefined> => {
      return await database.read(function* () {
        const found = yield* first(queries.byId, { id });
        if (found === undefined) return undefined;
        return { ...found, log: yield* all(queries.attemptsOf, { delivery: id, limit: LOG_SHOWN }) };
      });
    },
    /**
     * Logs an attempt with what follows from it, and disables the endpoint that is gone or failed for too long: all of it
     * or nothing. Gives whether the endpoint was disabled now.
     */
    settle: async (delivery: DeliveryRow, settlement: Omit<Settlement, "now">): Promise<boolean> => {
      const now = clock();
      return await database.write(() => settleAttempt(delivery, { ...settlement, now }), lockOf(delivery.endpoint));
    },
    /** Ends one whose endpoint takes nothing any more. */
    cancel: async ({ id, round }: DeliveryRow): Promise<void> => {
      await database.change(queries.cancel, { id, round, now: clock() }, { lock: [] });
    },
    /** Another life with all its attempts for one that has ended; undefined where it still waits, or is none. */
    revive: async (id: string): Promise<DeliveryRow | undefined> =>
      await changed(database, queries.revive, { id, now: clock() }),
    /** Those that the queue should have brought before this time. */
    overdue: async (before: number): Promise<readonly DeliveryRow[]> => await database.all(queries.overdue, { before }),
    /** A new round of one that waits; undefined where somebody else was faster. */
    requeue: async ({ id, round }: DeliveryRow): Promise<DeliveryRow | undefined> =>
      await changed(database, queries.requeue, { id, round, now: clock() }),
  };
}

async function changed<Values>(database: Database, query: Query<Values, DeliveryRow>, values: Values) {
  return await database.write(
    function* () {
      return yield* last(query, values);
    },
    { lock: [] },
  );
}
