/** What is over is deleted when nobody needs it any more. */
import { z } from "zod";
import type { Database } from "../../../core/store/sql/database.ts";
import { change } from "../../../core/store/sql/work.ts";
import { query } from "./schema.ts";

const DAY_MS = 24 * 60 * 60_000;
/** Ended sessions, expired keys and alerts can be looked at so long. */
const SHOWN_MS = 90 * DAY_MS;
/** Counters whose last lock is so long ago begin anew. */
const ATTEMPTS_MS = DAY_MS;
const PLACES_MS = 365 * DAY_MS;

type Before = { before: number };

const oneUses = query<Before>()("identity_one_use", z.unknown(), ({ db, value }) =>
  db.deleteFrom("identity_one_use").where("expiresAt", "<=", value("before")),
);
const tokens = query<Before>()("identity_refresh_tokens", z.unknown(), ({ db, value }) =>
  db.deleteFrom("identity_refresh_tokens").where("expiresAt", "<=", value("before")),
);
const sessions = query<Before>()("identity_sessions", z.unknown(), ({ db, value }) =>
  db.deleteFrom("identity_sessions").where("expiresAt", "<=", value("before")),
);
const keys = query<Before>()("identity_api_keys", z.unknown(), ({ db, value }) =>
  db.deleteFrom("identity_api_keys").where("expiresAt", "<=", value("before")),
);
const attempts = query<Before>()("identity_attempts", z.unknown(), ({ db, value }) =>
  db.deleteFrom("identity_attempts").where("since", "<=", value("before")).where("lockedUntil", "<=", value("before")),
);
const places = query<Before>()("identity_places", z.unknown(), ({ db, value }) =>
  db.deleteFrom("identity_places").where("lastSeenAt", "<=", value("before")),
);
const alerts = query<Before>()("identity_alerts", z.unknown(), ({ db, value }) =>
  db.deleteFrom("identity_alerts").where("at", "<=", value("before")),
);

/** Gives how many rows went. */
export async function pruneIdentity(database: Database, now: number): Promise<number> {
  return await database.write(
    function* () {
      let count = 0;
      count += yield* change(oneUses, { before: now });
      // Used ones too: until they expire, they tell a thief.
      count += yield* change(tokens, { before: now });
      count += yield* change(sessions, { before: now - SHOWN_MS });
      count += yield* change(keys, { before: now - SHOWN_MS });
      count += yield* change(attempts, { before: now - ATTEMPTS_MS });
      count += yield* change(places, { before: now - PLACES_MS });
      count += yield* change(alerts, { before: now - SHOWN_MS });
      return count;
    },
    { lock: [] },
  );
}
