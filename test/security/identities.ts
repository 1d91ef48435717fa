import type { Identities, Principal } from "../../gateway/access/principal.ts";
import { grantsOf, type Role, ROLES } from "../../gateway/access/roles.ts";

/** A person of each role, known by `Bearer <role>`: as accounts and keys would give them. */
export function testIdentities(bots: "all" | readonly string[] = "all"): Identities {
  const principals = new Map(ROLES.map((role) => [role, principalOf(role, bots)] as const));
  const find = (name: string): Principal | undefined => [...principals].find(([role]) => role === name)?.[1];
  return {
    authenticate: async ({ bearer, cookies }) => {
      if (bearer !== undefined) return find(bearer);
      const session = find(cookies.get("session") ?? "");
      return session === undefined ? undefined : { ...session, by: "cookie" };
    },
    current: async (id) => find(id.replace(/^user:/u, "")),
  };
}

/** The user that a role's person is. */
export const userOf = (role: Role): string => `${role}-1`;

function principalOf(role: Role, bots: "all" | readonly string[]): Principal {
  return { id: `user:${role}`, kind: "user", userId: userOf(role), grants: grantsOf(role, bots), by: "bearer" };
}
