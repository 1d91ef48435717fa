/** Accounts, sessions and keys as the gateway asks for them: at each request, of what is kept now. */
import type { Identities, Principal } from "../access/principal.ts";
import { principalOf } from "../access/roles.ts";
import type { AccessTokens } from "./access-jwt.ts";
import { type ApiKeyService, isApiKey } from "./api-keys.ts";
import type { StandingKey } from "./store/api-keys.ts";
import type { IdentityStore } from "./store/identity-store.ts";

/** Cookies that only this host can have set, over TLS. */
export const SESSION_COOKIE = "__Host-parley_session";
export const REFRESH_COOKIE = "__Host-parley_refresh";

export function createIdentities(options: {
  readonly store: Pick<IdentityStore, "sessions" | "users">;
  readonly tokens: AccessTokens;
  readonly apiKeys: ApiKeyService;
  readonly clock: () => number;
}): Identities {
  const { store, tokens, apiKeys, clock } = options;

  async function ofSession(id: string): Promise<Principal | undefined> {
    const standing = await store.sessions.standing(id, clock());
    return standing && principalOf({ by: "session", id, ...standing });
  }

  async function ofAccessToken(token: string): Promise<Principal | undefined> {
    const claims = await tokens.verify(token, clock());
    if (claims === undefined) return undefined;
    const principal = await ofSession(claims.sessionId);
    if (principal?.userId !== claims.userId) return undefined;
    await store.sessions.touch(claims.sessionId, clock());
    return principal;
  }

  function ofKey(found: StandingKey | undefined): Principal | undefined {
    if (found === undefined) return undefined;
    const { id, userId, bot, scopes } = found.key;
    return principalOf({ by: "api-key", id, userId, grants: found.grants, limits: { bot, scopes: new Set(scopes) } });
  }

  // The last owner stays, so that it is asked only until there is one.
  let isManaged = false;
  return {
    isManaged: async () => (isManaged ||= await store.users.hasOwner()),
    authenticate: async ({ bearer, cookies }) => {
      if (bearer !== undefined)
        return isApiKey(bearer) ? ofKey(await apiKeys.find(bearer)) : await ofAccessToken(bearer);
      const token = cookies.get(SESSION_COOKIE);
      const principal = token === undefined ? undefined : await ofAccessToken(token);
      return principal && { ...principal, by: "cookie" };
    },
    current: async (credential) => {
      const session = /^session:(.+)$/u.exec(credential)?.[1];
      if (session !== undefined) return await ofSession(session);
      const key = /^api-key:(.+)$/u.exec(credential)?.[1];
      return key === undefined ? undefined : ofKey(await apiKeys.current(key));
    },
  };
}
