/** API keys: what programs send instead of a session. A key can do no more than its user, and less where its scopes say so. */
import { randomBytes } from "node:crypto";
import type { Environment } from "../../core/environment.ts";
import { InvalidInputError, ParleyError } from "../../core/errors.ts";
import type { Permission } from "../../core/permission.ts";
import { permissionsOf } from "../access/roles.ts";
import { type Hasher, newSecret } from "./secrets.ts";
import type { ApiKey, StandingKey } from "./store/api-keys.ts";
import type { IdentityStore } from "./store/identity-store.ts";

const DAY_MS = 24 * 60 * 60_000;
export const LONGEST_DAYS = 365;
const PREFIX = "parley_";

export interface NewApiKey {
  readonly userId: string;
  readonly name: string;
  /** A bot, or `EVERY_BOT`. */
  readonly bot: string;
  readonly scopes: readonly Permission[];
  readonly days: number;
}

export interface ApiKeyService {
  /**
   * The key itself is given this once. Throws `identity/key-scopes` where its user has not all of them with that bot, and
   * `identity/key-days`.
   */
  readonly create: (key: NewApiKey) => Promise<{ readonly key: ApiKey; readonly secret: string }>;
  /** A key that counts, and its user's roles as they stand now. Notes the use. */
  readonly find: (secret: string) => Promise<StandingKey | undefined>;
  /** The same of a key whose secret was shown before, as for a ticket. */
  readonly current: (id: string) => Promise<StandingKey | undefined>;
  readonly get: (id: string) => Promise<ApiKey>;
  readonly list: IdentityStore["apiKeys"]["list"];
  readonly revoke: (id: string) => Promise<boolean>;
}

/** Whether a bearer token is meant as a key. */
export function isApiKey(token: string): boolean {
  return token.startsWith(PREFIX);
}

export function createApiKeyService(options: {
  readonly store: IdentityStore;
  readonly hasher: Hasher;
  readonly environment: Pick<Environment, "clock">;
}): ApiKeyService {
  const { store, hasher, environment } = options;
  const { apiKeys, users } = store;
  return {
    create: async ({ userId, name, bot, scopes, days }) => {
      const held = permissionsOf(await users.grants(userId), bot);
      const missing = scopes.filter((scope) => !held.has(scope));
      if (missing.length > 0 || scopes.length === 0)
        throw new InvalidInputError(
          "identity/key-scopes",
          missing.length === 0
            ? "A key needs one scope at least, such as documents:read."
            : `The user of the key has not these permissions with "${bot}": ${missing.join(", ")}. Give the user a role first, or leave them out.`,
        );
      if (!Number.isInteger(days) || days < 1 || days > LONGEST_DAYS)
        throw new InvalidInputError("identity/key-days", `A key is good for 1 to ${LONGEST_DAYS} days.`);
      // A command reads what begins with "-" as an option: `parley keys revoke <id>` takes every id.
      const id = randomBytes(9).toString("base64url").replace(/^-/u, "0");
      const secret = `${PREFIX}${id}_${newSecret()}`;
      const createdAt = environment.clock();
      const key: ApiKey = {
        id,
        userId,
        bot,
        name,
        scopes: [...new Set(scopes)],
        createdAt,
        expiresAt: createdAt + days * DAY_MS,
      };
      await apiKeys.create(key, hasher("api-key", secret));
      return { key, secret };
    },
    find: async (secret) => {
      const now = environment.clock();
      const found = await apiKeys.standing(hasher("api-key", secret), now);
      if (found !== undefined) await apiKeys.touch(found.key.id, now);
      return found;
    },
    current: async (id) => await apiKeys.standingById(id, environment.clock()),
    get: async (id) => {
      const key = await apiKeys.find(id);
      if (key !== undefined) return key;
      throw new ParleyError("identity/unknown-key", "There is no such key. List them with: parley keys list", {
        status: 404,
      });
    },
    list: apiKeys.list,
    revoke: async (id) => await apiKeys.revoke(id, environment.clock()),
  };
}
