/** What all gateways of an installation keep together. */
import { describeError } from "../../core/errors.ts";
import type { Databases } from "../../core/store/databases.ts";
import type { Logger } from "../../core/telemetry.ts";
import { type CallParts, type Calls, createCalls } from "./calls.ts";
import { gatewayModule, gatewayTables, pruneCalls, pruneTickets } from "./tables.ts";
import { createTickets, type Tickets } from "./tickets.ts";

const PRUNE_EVERY_MS = 10 * 60_000;

export interface GatewayState {
  readonly calls: Calls;
  readonly tickets: Tickets;
  readonly close: () => Promise<void>;
}

/** Opens it in `gateway.sqlite`, or in the installation's PostgreSQL. */
export async function openGatewayState(
  databases: Databases,
  { log, ...given }: Omit<CallParts, "sealing"> & { readonly log: Logger },
): Promise<GatewayState> {
  const { sealing } = databases;
  await sealing.ready();
  const parts = { ...given, sealing };
  const database = databases.open(gatewayTables.file);
  await database.migrate(gatewayModule);
  const prune = async (): Promise<void> => {
    const now = parts.clock();
    await database.change(pruneCalls, { now }, { lock: [] });
    await database.change(pruneTickets, { now }, { lock: [] });
  };
  let pruning: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    pruning = prune().catch((thrown: unknown) =>
      log.warn({ error: describeError(thrown) }, "old calls and tickets stay until the next round"),
    );
  }, PRUNE_EVERY_MS);
  timer.unref();
  return {
    calls: createCalls(database, parts),
    tickets: createTickets(database, parts.clock),
    close: async () => {
      clearInterval(timer);
      await pruning;
      await database.close();
    },
  };
}
