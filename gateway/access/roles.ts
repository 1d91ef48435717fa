/** Which role may do what. Everything that is not written here is refused. */
import { type Permission, PERMISSIONS } from "../../core/permission.ts";
import type { Grant, Principal, Scope } from "./principal.ts";

export const ROLES = ["owner", "admin", "moderator", "analyst", "auditor", "customer"] as const;
export type Role = (typeof ROLES)[number];

type Rights = Partial<Readonly<Record<Permission, Scope>>>;

const every = (scope: Scope, permissions: readonly Permission[]): Rights =>
  Object.fromEntries(permissions.map((permission) => [permission, scope]));
const but = (...left: readonly Permission[]): readonly Permission[] =>
  PERMISSIONS.filter((permission) => !left.includes(permission));

/** What everybody who is let in at all may do with what is theirs. */
const CHAT: Rights = {
  ...every("own", [
    "conversations:read",
    "conversations:write",
    "conversations:delete",
    "actions:read",
    "actions:decide",
    "attachments:read",
    "attachments:write",
    "sessions:read",
    "sessions:manage",
  ]),
  ...every("any", ["documents:read", "catalogue:read", "tools:use", "reference:read", "tickets:create"]),
};

/** Speaking for somebody else is for the systems of whoever runs this, never for a role. */
const STAFF = but("users:act-as");
/** Whatever somebody may see and change: nobody speaks or presses Confirm in another's place. */
const IN_OWN_NAME = every("own", ["conversations:write", "attachments:write", "actions:decide"]);

export const ROLE_RIGHTS: Readonly<Record<Role, Rights>> = {
  owner: { ...every("any", STAFF), ...IN_OWN_NAME },
  // Who may let people in is the owner's alone to change; an admin's own keys come with the account.
  admin: { ...every("any", STAFF), ...IN_OWN_NAME, "keys:manage": "own" },
  moderator: {
    ...CHAT,
    ...every("any", ["conversations:read", "sessions:read", "sessions:manage", "attachments:read", "users:read"]),
    ...every("any", ["documents:write", "documents:delete", "agents:read", "tools:read"]),
  },
  analyst: {
    ...CHAT,
    ...every("any", ["recommendations:read", "recommendations:train", "agents:read", "tools:read", "metrics:read"]),
  },
  auditor: {
    ...every("any", ["audit:read", "actions:read", "conversations:read", "sessions:read", "users:read"]),
    ...every("any", ["settings:read", "agents:read", "tools:read", "metrics:read", "documents:read"]),
    ...every("any", ["catalogue:read", "reference:read", "tickets:create"]),
  },
  customer: { ...CHAT, "recommendations:read": "own", "recommendations:erase": "own", "keys:manage": "own" },
};

/** The grants of a role, for all bots or for some. */
export function grantsOf(role: Role, bots: Grant["bots"] = "all"): readonly Grant[] {
  return toGrants(ROLE_RIGHTS[role], bots);
}

function toGrants(rights: Rights, bots: Grant["bots"]): readonly Grant[] {
  return PERMISSIONS.flatMap((permission) => {
    const scope = rights[permission];
    return scope === undefined ? [] : [{ permission, scope, bots }];
  });
}

/** Whoever sends `gateway.accessToken`: a front end that people chat through as guests. */
export const CLIENT: Principal = {
  id: "token:access",
  kind: "token",
  grants: toGrants({ ...CHAT, "metrics:read": "any" }, "all"),
  by: "bearer",
};

/** Whoever sends `gateway.trustedToken`: the systems of whoever runs this. */
export const SYSTEM: Principal = {
  id: "token:trusted",
  kind: "token",
  grants: toGrants(every("any", PERMISSIONS), "all"),
  by: "bearer",
};

/** Anybody, where no token is asked for. */
export const GUEST: Principal = { ...CLIENT, id: "guest", kind: "guest", by: "nothing" };

/** Whoever sits at this machine, where the gateway listens on it alone and has no tokens and no accounts. */
export const LOCAL: Principal = {
  id: "local",
  kind: "local",
  grants: toGrants(every("any", but("users:act-as")), "all"),
  by: "nothing",
};
