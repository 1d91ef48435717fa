/** Tickets: each opens one WebSocket of one address once, within half a minute. */
import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "../../core/environment.ts";
import type { Database } from "../../core/store/sql/database.ts";
import { last } from "../../core/store/sql/work.ts";
import { addTicket, takeTicket } from "./tables.ts";

const LIFE_MS = 30_000;
const BYTES = 32;

export interface Tickets {
  readonly issue: (principal: string, path: string) => Promise<{ readonly ticket: string; readonly expiresAt: number }>;
  /** Whose it was; undefined where it is unknown, used, too old or of another address. Either way it is used up. */
  readonly consume: (ticket: string, path: string) => Promise<string | undefined>;
}

/** In the installation's database: a ticket of one process opens a socket of another. */
export function createTickets(database: Database, clock: Clock): Tickets {
  return {
    issue: async (principal, path) => {
      const ticket = randomBytes(BYTES).toString("base64url");
      const expiresAt = clock() + LIFE_MS;
      await database.change(addTicket, { hash: hashOf(ticket), principal, path, expiresAt }, { lock: [] });
      return { ticket, expiresAt };
    },
    consume: async (ticket, path) => {
      const work = function* () {
        return yield* last(takeTicket, { hash: hashOf(ticket) });
      };
      const found = await database.write(work, { lock: [] });
      return found !== undefined && found.path === path && found.expires_at > clock() ? found.principal : undefined;
    },
  };
}

function hashOf(ticket: string): string {
  return createHash("sha256").update(ticket).digest("base64url");
}
