/** Users, sessions and keys as the calls show them. Secrets are only shown where they were made. */
import { z } from "zod";
import { Permission } from "../../../core/permission.ts";
import { Role } from "../../access/roles.ts";
import type { Account, Accounts, OneUseLink } from "../accounts.ts";
import type { ApiKey } from "../store/api-keys.ts";
import type { Alert } from "../store/anomalies.ts";
import { AlertKind } from "../store/anomalies.ts";
import type { Session } from "../store/session-queries.ts";

const Time = z.iso.datetime();

export const Id = z.string().min(1).max(200);
export const ById = z.object({ id: Id });
/** A call that sends nothing. JSON is asked for, so that a foreign page cannot call by a form. */
export const Nothing = z.strictObject({});
export const Password = z.string().min(1).max(1_024);
export const Login = z.string().min(1).max(254);
export const Name = z.string().max(200);
export const GrantOf = z.strictObject({ role: Role, bot: z.string().min(1).max(64).default("*") });

export const ShownUser = z.object({
  id: z.string(),
  login: z.string(),
  name: z.string(),
  createdAt: Time,
  disabledAt: Time.optional(),
});
export const ShownUserWithRoles = ShownUser.extend({ roles: z.array(z.object({ bot: z.string(), role: Role })) });
export const ShownLink = z.object({
  secret: z.string().describe("For POST /api/v1/auth/password. It works once."),
  expiresAt: Time,
});
export const ShownSession = z.object({
  id: z.string(),
  createdAt: Time,
  lastUsedAt: Time,
  expiresAt: Time,
  isThisOne: z.boolean(),
});
export const ShownKey = z.object({
  id: z.string(),
  userId: z.string(),
  name: z.string(),
  bot: z.string(),
  scopes: z.array(Permission),
  createdAt: Time,
  expiresAt: Time,
  lastUsedAt: Time.optional(),
  revokedAt: Time.optional(),
});
export const ShownAlert = z.object({
  id: z.string(),
  at: Time,
  kind: AlertKind,
  userId: z.string().optional(),
  detail: z.record(z.string(), z.union([z.string(), z.number()])),
});

export const iso = (ms: number): string => new Date(ms).toISOString();

export function showUser({ id, login, name, createdAt, disabledAt }: Account): z.input<typeof ShownUser> {
  const disabled = disabledAt === undefined ? {} : { disabledAt: iso(disabledAt) };
  return { id, login, name, createdAt: iso(createdAt), ...disabled };
}

export async function showUserWithRoles(
  accounts: Pick<Accounts, "grants">,
  account: Account,
): Promise<z.input<typeof ShownUserWithRoles>> {
  return { ...showUser(account), roles: [...(await accounts.grants(account.id))] };
}

export function showLink({ secret, expiresAt }: OneUseLink): z.input<typeof ShownLink> {
  return { secret, expiresAt: iso(expiresAt) };
}

export function showSession(session: Session, current: string | undefined): z.input<typeof ShownSession> {
  const { id, createdAt, lastUsedAt, expiresAt } = session;
  return {
    id,
    createdAt: iso(createdAt),
    lastUsedAt: iso(lastUsedAt),
    expiresAt: iso(expiresAt),
    isThisOne: id === current,
  };
}

export function showKey(key: ApiKey): z.input<typeof ShownKey> {
  const { id, userId, name, bot, scopes, createdAt, expiresAt, lastUsedAt, revokedAt } = key;
  return {
    id,
    userId,
    name,
    bot,
    scopes,
    createdAt: iso(createdAt),
    expiresAt: iso(expiresAt),
    ...(lastUsedAt !== undefined && { lastUsedAt: iso(lastUsedAt) }),
    ...(revokedAt !== undefined && { revokedAt: iso(revokedAt) }),
  };
}

export function showAlert({ at, ...alert }: Alert): z.input<typeof ShownAlert> {
  return { ...alert, at: iso(at) };
}
