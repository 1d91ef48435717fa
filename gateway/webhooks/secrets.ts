/** The secrets of endpoints: sealed at rest, two of them valid during a rotation. */
import type { Environment } from "../../core/environment.ts";
import { ParleyError } from "../../core/errors.ts";
import type { Database } from "../../core/store/sql/database.ts";
import { last } from "../../core/store/sql/work.ts";
import * as queries from "./endpoint-queries.ts";
import { type Endpoint, known, withoutSecrets } from "./endpoints.ts";
import { placeOf, type WebhookSealing } from "./sealing.ts";
import { newSecret } from "./signature.ts";
import { type EndpointRow, lockOf } from "./tables.ts";

interface SecretParts {
  readonly database: Database;
  readonly sealing: WebhookSealing;
  readonly environment: Pick<Environment, "clock">;
}

export type Secrets = ReturnType<typeof createSecrets>;

/** The secrets in a database that was migrated. */
export function createSecrets({ database, sealing, environment: { clock } }: SecretParts) {
  /** A sealed text is of its column. */
  const moved = async ({ id, secret }: EndpointRow): Promise<string> =>
    await sealing.seal(placeOf(id, "previousSecret"), await sealing.open(placeOf(id), secret));
  return {
    /**
     * A new secret; the one before signs beside it for `keepMs`. Throws `webhook/unknown`, and `webhook/rotating` while an
     * earlier one is still valid: only two are at a time. With 0 everything older ends at once.
     */
    rotate: async (id: string, keepMs: number): Promise<{ readonly endpoint: Endpoint; readonly secret: string }> => {
      const secret = newSecret();
      const sealed = await sealing.seal(placeOf(id), secret);
      for (;;) {
        const now = clock();
        const found = known(await database.first(queries.byId, { id }));
        if (keepMs > 0 && (found.previousUntil ?? 0) > now) throw rotating();
        const kept =
          keepMs > 0
            ? { previousSecret: await moved(found), previousUntil: now + keepMs }
            : { previousSecret: null, previousUntil: null };
        const rotated = await database.write(function* () {
          return yield* last(queries.rotate, { id, secret: sealed, before: found.secret, ...kept });
        }, lockOf(id));
        if (rotated !== undefined) return { endpoint: withoutSecrets(rotated), secret };
        // Rotated or sealed anew meanwhile, or removed: that is looked at first.
      }
    },
    /** An endpoint with the secrets that are valid now, the newest first; undefined where there is none. */
    toSign: async (id: string) => {
      const row = await database.first(queries.byId, { id });
      if (row === undefined) return undefined;
      const isRotating = (row.previousUntil ?? 0) > clock();
      const secrets = [await sealing.open(placeOf(id), row.secret)];
      if (isRotating && row.previousSecret !== undefined)
        secrets.push(await sealing.open(placeOf(id, "previousSecret"), row.previousSecret));
      return { endpoint: withoutSecrets(row), secrets };
    },
    /** Forgets secrets whose rotation is over. */
    dropOld: async (): Promise<void> => {
      await database.change(queries.dropOldSecrets, { now: clock() }, { lock: [] });
    },
  };
}

function rotating(): ParleyError {
  return new ParleyError(
    "webhook/rotating",
    "The secret before is still valid. Wait until its time is over, or rotate with keepHours 0, which ends all older ones at once.",
    { status: 409 },
  );
}
