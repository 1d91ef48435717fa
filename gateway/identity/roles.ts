/** Who may do what: roles, what each allows, and the one function that decides. Nothing is allowed that is not written here. */
import { z } from "zod";

export const Role = z.enum(["owner", "admin", "moderator", "analyst", "auditor", "customer"]);
export type Role = z.infer<typeof Role>;

/** Everything that can be allowed, as `<resource>:<action>`. */
export const Permission = z.enum([
  "actions:decide",
  "actions:read",
  "agents:read",
  "audit:read",
  "chat:use",
  "conversations:erase",
  "conversations:read",
  "conversations:write",
  "documents:read",
  "documents:write",
  "keys:manage",
  "keys:read",
  "metrics:read",
  "owners:manage",
  "preferences:read",
  "preferences:write",
  "recommendations:read",
  "sessions:end",
  "sessions:read",
  "settings:read",
  "settings:write",
  "tools:read",
  "tools:use",
  "trainings:start",
  "users:manage",
  "users:read",
  "webhooks:manage",
  "webhooks:read",
]);
export type Permission = z.infer<typeof Permission>;

/** All bots, and what belongs to no bot. */
export const EVERY_BOT = "*";

/** A role of a user, with one bot or with `EVERY_BOT`. */
export interface Grant {
  readonly bot: string;
  readonly role: Role;
}

/** What is to be done to what. */
export interface Demand {
  readonly permission: Permission;
  /** The bot that it is about; `EVERY_BOT` for what belongs to the installation. */
  readonly bot: string;
  /** The user that the object belongs to, where it belongs to one. */
  readonly owner?: string;
}

interface RoleRights {
  /** On whatever object of the bot. */
  readonly any: ReadonlySet<Permission>;
  /** On the user's own objects alone. */
  readonly own: ReadonlySet<Permission>;
}

const OWN: readonly Permission[] = [
  "actions:decide",
  "actions:read",
  "chat:use",
  "conversations:erase",
  "conversations:read",
  "preferences:read",
  "preferences:write",
  "recommendations:read",
  "sessions:end",
  "sessions:read",
];
/** Decisions on money are its owner's alone, whatever the role. */
const ONLY_OWN: readonly Permission[] = ["actions:decide", "chat:use"];
const EVERYTHING = Permission.options.filter((permission) => !ONLY_OWN.includes(permission));

function rights(any: readonly Permission[], own: readonly Permission[] = OWN): RoleRights {
  return { any: new Set(any), own: new Set(own) };
}

const RIGHTS: Readonly<Record<Role, RoleRights>> = {
  owner: rights(EVERYTHING),
  admin: rights(EVERYTHING.filter((permission) => permission !== "owners:manage")),
  moderator: rights([
    "agents:read",
    "conversations:read",
    "conversations:write",
    "documents:read",
    "sessions:end",
    "sessions:read",
    "tools:read",
  ]),
  analyst: rights(["agents:read", "documents:read", "metrics:read", "recommendations:read", "tools:read"]),
  auditor: rights([
    "actions:read",
    "agents:read",
    "audit:read",
    "keys:read",
    "settings:read",
    "tools:read",
    "users:read",
    "webhooks:read",
  ]),
  customer: rights([]),
};

/** Who asks: the roles of a user, and of an API key what it is limited to besides. */
export interface Holder {
  readonly userId: string;
  readonly grants: readonly Grant[];
  readonly limits?: { readonly bot: string; readonly scopes: ReadonlySet<Permission> };
}

/** Whether somebody may do it. */
export function isAllowed({ userId, grants, limits }: Holder, { permission, bot, owner }: Demand): boolean {
  if (limits !== undefined && (!limits.scopes.has(permission) || !covers(limits.bot, bot))) return false;
  return grants.some((grant) => {
    if (!covers(grant.bot, bot)) return false;
    const { any, own } = RIGHTS[grant.role];
    return any.has(permission) || (owner === userId && own.has(permission));
  });
}

/** The permissions that grants give with a bot, on own objects at least: what a key of their holder may be limited to. */
export function permissionsOf(grants: readonly Grant[], bot: string): ReadonlySet<Permission> {
  const held = grants.filter((grant) => covers(grant.bot, bot)).map(({ role }) => RIGHTS[role]);
  return new Set(held.flatMap(({ any, own }) => [...any, ...own]));
}

/** What somebody needs who gives or takes a role: only owners make owners and admins. */
export function permissionToGrant(role: Role): Permission {
  return role === "owner" || role === "admin" ? "owners:manage" : "users:manage";
}

function covers(held: string, bot: string): boolean {
  return held === EVERY_BOT || held === bot;
}

/** What somebody needs who changes, disables or removes a user: as much as for giving every role that the user has. */
export function demandsToManage(grants: readonly Grant[]): readonly Demand[] {
  if (grants.length === 0) return [{ permission: "users:manage", bot: EVERY_BOT }];
  return grants.map(({ bot, role }) => ({ permission: permissionToGrant(role), bot }));
}
