/** Which role may do what. Everything that is not written here is refused. */
import { z } from "zod";
import { Permission } from "../../core/permission.ts";
import type { Grant, Principal, Scope } from "./principal.ts";

export const Role = z.enum(["owner", "admin", "moderator", "analyst", "auditor", "customer"]);
export type Role = z.infer<typeof Role>;

/** A role of a user, with one bot or with `EVERY_BOT`. */
export interface RoleGrant {
  readonly bot: string;
  readonly role: Role;
}

/** What a role may do with everybody's objects, and what with those of its person alone. */
interface Rights {
  readonly any: readonly Permission[];
  readonly own: readonly Permission[];
}

/** Everybody's with what is theirs. */
const OWN: readonly Permission[] = [
  "actions:decide",
  "actions:read",
  "chat:use",
  "conversations:erase",
  "conversations:read",
  "keys:manage",
  "keys:read",
  "preferences:read",
  "preferences:write",
  "recommendations:erase",
  "recommendations:read",
  "sessions:end",
  "sessions:read",
];
/** What tells nothing of anybody, and what is needed to use the rest. */
const COMMON: readonly Permission[] = [
  "catalogue:read",
  "documents:read",
  "tools:use",
  "reference:read",
  "tickets:create",
];
/** Of no bot: whoever has a role with one bot has these all the same. */
const OF_NO_BOT: readonly Permission[] = ["reference:read", "tickets:create"];
/** Whether a role with any bot gives it. */
export const isOfNoBot = (permission: Permission): boolean => OF_NO_BOT.includes(permission);
/** Of no bot where they are for what is one's own. */
const OWN_OF_NO_BOT: readonly Permission[] = ["keys:manage", "keys:read"];
/** Nobody speaks or presses Confirm in another's place. */
export const IN_A_CHAT: readonly Permission[] = ["actions:decide", "chat:use"];
/** What a key has only from the person themselves: by it, somebody else would speak and decide as that person. */
export const OF_THE_PERSON: readonly Permission[] = [...IN_A_CHAT, "tools:use"];
/** Whatever somebody may see and change: nobody changes a password in another's place either. */
const IN_OWN_NAME: readonly Permission[] = ["account:manage", ...IN_A_CHAT];
/** Whoever logged in, whatever the roles: the account, and what is their own, but for speaking with bots; no key does. */
const LOGGED_IN: readonly Grant[] = [
  { permission: "account:manage", scope: "any", bots: "all" },
  ...OWN.filter((permission) => !IN_A_CHAT.includes(permission)).map((permission): Grant => ({
    permission,
    scope: "own",
    bots: "all",
  })),
];

const but = (...left: readonly Permission[]): readonly Permission[] =>
  Permission.options.filter((permission) => !left.includes(permission));
const rights = (...any: readonly Permission[]): Rights => ({ any: [...COMMON, ...any], own: OWN });

const RIGHTS: Readonly<Record<Role, Rights>> = {
  // Speaking for users is for the systems of whoever runs this, never for a role.
  owner: rights(...but(...IN_OWN_NAME, "users:act-as")),
  admin: rights(...but(...IN_OWN_NAME, "users:act-as", "owners:manage")),
  moderator: rights(
    "agents:read",
    "conversations:read",
    "conversations:write",
    "sessions:end",
    "sessions:read",
    "tools:read",
  ),
  analyst: rights("agents:read", "metrics:read", "recommendations:read", "tools:read"),
  auditor: rights(
    "actions:read",
    "agents:read",
    "audit:read",
    "keys:read",
    "settings:read",
    "tools:read",
    "users:read",
    "webhooks:read",
  ),
  customer: rights(),
};

/** All bots, and what belongs to no bot. */
export const EVERY_BOT = "*";

/** Somebody who proved to be a user: the roles with bots, and what a key is limited to besides. */
export interface Proved {
  readonly by: "session" | "api-key";
  /** Of the session or the key. */
  readonly id: string;
  readonly userId: string;
  readonly grants: readonly RoleGrant[];
  readonly limits?: { readonly bot: string; readonly scopes: ReadonlySet<Permission> } | undefined;
}

/** What somebody may do by roles and limits. */
export function principalOf({ by, id, userId, grants, limits }: Proved): Principal {
  const given = grants.flatMap(({ role, bot }) => {
    const bots = limits === undefined || limits.bot === EVERY_BOT ? bot : bot === EVERY_BOT ? limits.bot : bot;
    const isOutside = limits !== undefined && limits.bot !== EVERY_BOT && bots !== limits.bot;
    return isOutside ? [] : toGrants(RIGHTS[role], bots === EVERY_BOT ? "all" : [bots]);
  });
  const isKey = by === "api-key";
  return {
    id: isKey ? `key:${id}` : `user:${userId}`,
    kind: isKey ? "key" : "user",
    credential: `${by}:${id}`,
    userId,
    grants:
      limits === undefined ? [...LOGGED_IN, ...given] : given.filter(({ permission }) => limits.scopes.has(permission)),
    by: "bearer",
  };
}

/** The permissions that roles give with a bot, on own objects at least: what a key of their holder may be limited to. */
export function permissionsOf(grants: readonly RoleGrant[], bot: string): ReadonlySet<Permission> {
  const held = grants.filter((grant) => grant.bot === EVERY_BOT || grant.bot === bot);
  return new Set(held.flatMap(({ role }) => [...RIGHTS[role].any, ...RIGHTS[role].own]));
}

function toGrants({ any, own }: Rights, bots: Grant["bots"]): readonly Grant[] {
  const grant =
    (scope: Scope) =>
    (permission: Permission): Grant => ({
      permission,
      scope,
      bots: OF_NO_BOT.includes(permission) || (scope === "own" && OWN_OF_NO_BOT.includes(permission)) ? "all" : bots,
    });
  return [...any.map(grant("any")), ...own.map(grant("own"))];
}

/** What only a person has, whom the gateway knows. */
const OF_PERSONS = /^(?:keys|preferences|recommendations):/u;

/** Whoever sends `gateway.accessToken`: a front end that people chat through as guests. */
export const CLIENT: Principal = {
  id: "token:access",
  kind: "token",
  grants: toGrants(
    { any: [...COMMON, "metrics:read"], own: OWN.filter((permission) => !OF_PERSONS.test(permission)) },
    "all",
  ),
  by: "bearer",
};

/** Whoever sends `gateway.trustedToken`: the systems of whoever runs this. */
export const SYSTEM: Principal = {
  id: "token:trusted",
  kind: "token",
  grants: toGrants({ any: Permission.options, own: [] }, "all"),
  by: "bearer",
};

/** Anybody, where no token is asked for: what a front end may, but for the figures of the installation. */
export const GUEST: Principal = {
  ...CLIENT,
  id: "guest",
  kind: "guest",
  grants: CLIENT.grants.filter(({ permission }) => permission !== "metrics:read"),
  by: "nothing",
};

/** Anybody at the health port of a process without a gateway: who scrapes it knows no accounts. */
export const SCRAPER: Principal = { ...GUEST, grants: CLIENT.grants };

/** Where guests are let in, nobody who logs in may do less than by logging out. */
export function noLessThanGuest(principal: Principal): Principal {
  return { ...principal, grants: [...principal.grants, ...GUEST.grants] };
}

/** What would outlast the time without an owner: who owns the installation is decided at its terminal. */
const LASTING: readonly Permission[] = [
  "keys:manage",
  "keys:read",
  "owners:manage",
  "users:manage",
  "users:read",
  "webhooks:manage",
];

/**
 * Whoever sends from this machine, where the gateway listens on it alone and has no tokens and no accounts. Any
 * account of the machine may be behind it, so nothing of it stays once there is an owner.
 */
export const LOCAL: Principal = {
  id: "local",
  kind: "local",
  grants: toGrants({ any: but(...IN_A_CHAT, "users:act-as", ...LASTING), own: IN_A_CHAT }, "all"),
  by: "nothing",
};
