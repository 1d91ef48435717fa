/** What the accounts keep of a user, for the user to read: no hash, no secret, no network. */
import type { Json } from "../../core/json.ts";
import { readContact } from "./codes.ts";
import type { Sealer } from "./sealer.ts";
import type { IdentityStore } from "./store/identity-store.ts";

const MOST_KEYS = 1_000;
const iso = (ms: number): string => new Date(ms).toISOString();
const optional = (name: string, ms: number | undefined) => (ms === undefined ? {} : { [name]: iso(ms) });

/** Undefined where there is no such user. */
export async function exportAccount(
  { store, sealer, clock }: { readonly store: IdentityStore; readonly sealer: Sealer; readonly clock: () => number },
  userId: string,
): Promise<Readonly<Record<string, Json>> | undefined> {
  const user = await store.users.find(userId);
  if (user === undefined) return undefined;
  const contact = await readContact({ store, sealer }, userId);
  const keys = await store.apiKeys.list({ userId, limit: MOST_KEYS });
  const sessions = await store.sessions.list(userId, clock());
  const passkeys = await store.factors.passkeys(userId);
  return {
    id: user.id,
    login: user.login,
    name: user.name,
    createdAt: iso(user.createdAt),
    ...optional("disabledAt", user.disabledAt),
    ...optional("passwordSetAt", user.passwordAt),
    ...(contact !== undefined && { contact: { ...contact } }),
    roles: (await store.users.grants(userId)).map(({ bot, role }) => ({ bot, role })),
    hasAuthenticator: (await store.factors.totp(userId))?.confirmedAt !== undefined,
    passkeys: passkeys.map(({ name, createdAt, lastUsedAt }) => ({
      name,
      createdAt: iso(createdAt),
      ...optional("lastUsedAt", lastUsedAt),
    })),
    sessions: sessions.map(({ createdAt, lastUsedAt, expiresAt }) => ({
      createdAt: iso(createdAt),
      lastUsedAt: iso(lastUsedAt),
      expiresAt: iso(expiresAt),
    })),
    keys: keys.map(({ name, bot, scopes, createdAt, expiresAt, lastUsedAt, revokedAt }) => ({
      name,
      bot,
      scopes: [...scopes],
      createdAt: iso(createdAt),
      expiresAt: iso(expiresAt),
      ...optional("lastUsedAt", lastUsedAt),
      ...optional("revokedAt", revokedAt),
    })),
  };
}
