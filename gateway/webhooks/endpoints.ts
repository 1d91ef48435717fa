/** Endpoints: who gets which events of a bot. */
import type { Environment } from "../../core/environment.ts";
import { ParleyError } from "../../core/errors.ts";
import type { Database } from "../../core/store/sql/database.ts";
import { change, first } from "../../core/store/sql/work.ts";
import * as queries from "./endpoint-queries.ts";
import { noEndpoint } from "./errors.ts";
import type { WebhookType } from "./event.ts";
import type { Removal } from "./removal.ts";
import { placeOf, type WebhookSealing } from "./sealing.ts";
import { newSecret } from "./signature.ts";
import { type EndpointRow, lockOf } from "./tables.ts";

/** An endpoint without its secrets. Times in ms. */
export type Endpoint = Omit<EndpointRow, "secret" | "previousSecret" | "alertDue">;

export interface EndpointDraft {
  readonly bot: string;
  readonly url: string;
  readonly events: readonly WebhookType[];
  readonly description: string;
}

/** What is left out stays. */
export interface EndpointChange {
  readonly url?: string | undefined;
  readonly events?: readonly WebhookType[] | undefined;
  readonly description?: string | undefined;
  readonly active?: boolean | undefined;
}

export type Endpoints = ReturnType<typeof createEndpoints>;

interface EndpointParts {
  readonly database: Database;
  readonly removal: Pick<Removal, "removeOf">;
  readonly sealing: WebhookSealing;
  readonly environment: Pick<Environment, "clock" | "newId">;
}

/** More than these of one bot are a mistake: every event goes to each of them. */
const MOST_OF_A_BOT = 50;

/** The endpoints in a database that was migrated. */
export function createEndpoints({ database, removal, sealing, environment }: EndpointParts) {
  const { clock } = environment;
  const find = async (id: string): Promise<Endpoint | undefined> => {
    const row = await database.first(queries.byId, { id });
    return row && withoutSecrets(row);
  };
  return {
    find,
    /** Makes it; the secret is given here and never again. Throws `webhook/too-many`. */
    create: async (draft: EndpointDraft): Promise<{ readonly endpoint: Endpoint; readonly secret: string }> => {
      const id = `whe_${environment.newId()}`;
      const secret = newSecret();
      const { bot, url, events, description } = draft;
      const sealed = await sealing.seal(placeOf(id), secret);
      const values = { id, bot, url, description, secret: sealed, events: JSON.stringify(events), createdAt: clock() };
      const row = await database.write(
        function* () {
          const { count = 0 } = (yield* first(queries.countOf, { bot })) ?? {};
          if (count >= MOST_OF_A_BOT) throw tooMany();
          return yield* first(queries.insert, values);
        },
        { lock: `webhooks-of:${bot}` },
      );
      return { endpoint: withoutSecrets(known(row)), secret };
    },
    /** Oldest first, after the `number` of one of them. */
    list: async (
      bot: string,
      { limit, after = 0 }: { readonly limit: number; readonly after?: number | undefined },
    ) => {
      const rows = await database.all(queries.page, { bot, after, limit });
      return rows.map(withoutSecrets);
    },
    /** Throws `webhook/unknown`. What is switched on again begins without its failures. */
    update: async (id: string, wanted: EndpointChange): Promise<Endpoint> => {
      const now = clock();
      const row = await database.write(function* () {
        const found = known(yield* first(queries.byId, { id }));
        return yield* first(queries.update, { id, ...changed(found, wanted, now) });
      }, lockOf(id));
      return withoutSecrets(known(row));
    },
    /** Removes it with all that was on its way; false where there is none. */
    remove: async (id: string): Promise<boolean> => {
      const removed = await database.write(function* () {
        return yield* change(queries.remove, { id });
      }, lockOf(id));
      await removal.removeOf(id);
      return removed > 0;
    },
    /** Those that take an event of the bot now. */
    wanting: async (bot: string, type: WebhookType): Promise<readonly Endpoint[]> => {
      const rows = await database.all(queries.activeOf, { bot });
      return rows.filter(({ events }) => events.includes(type)).map(withoutSecrets);
    },
    /** Those that were disabled and of which nobody was told yet. */
    toTell: async (): Promise<readonly Endpoint[]> => {
      return (await database.all(queries.toTell, {})).map(withoutSecrets);
    },
    told: async ({ id, disabledAt = 0 }: Endpoint): Promise<void> => {
      await database.change(queries.told, { id, disabledAt }, { lock: [] });
    },
  };
}

function changed(found: EndpointRow, wanted: EndpointChange, now: number) {
  const { url = found.url, events = found.events, description = found.description } = wanted;
  const state = stateOf(found, { active: wanted.active ?? found.active, isElsewhere: url !== found.url, now });
  return { url, description, events: JSON.stringify(events), ...state };
}

/** Elsewhere, or switched by hand, earlier failures say nothing. */
function stateOf(
  found: EndpointRow,
  { active, isElsewhere, now }: { readonly active: boolean; readonly isElsewhere: boolean; readonly now: number },
) {
  const anew = { failures: 0, failingSince: null };
  if (active && !found.active) return { ...anew, active: 1, disabledFor: null, disabledAt: null, alertDue: 0 };
  if (!active && found.active) return { ...anew, active: 0, disabledFor: "asked", disabledAt: now, alertDue: 0 };
  const { failures, failingSince = null, disabledFor = null, disabledAt = null } = found;
  const past = isElsewhere ? anew : { failures, failingSince };
  return { ...past, active: active ? 1 : 0, disabledFor, disabledAt, alertDue: found.alertDue ? 1 : 0 };
}

/** What others may see. */
export function withoutSecrets({
  secret: _secret,
  previousSecret: _previous,
  alertDue: _due,
  ...endpoint
}: EndpointRow): Endpoint {
  return endpoint;
}

/** Throws `webhook/unknown` where there is none. */
export function known(row: EndpointRow | undefined): EndpointRow {
  if (row === undefined) throw noEndpoint();
  return row;
}

function tooMany(): ParleyError {
  return new ParleyError("webhook/too-many", `A bot has at most ${MOST_OF_A_BOT} webhooks. Delete one first.`, {
    status: 409,
  });
}
