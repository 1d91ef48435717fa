import type { Identities, Principal } from "../../gateway/access/principal.ts";
import { principalOf, Role } from "../../gateway/access/roles.ts";

/** A person of each role, known by `Bearer <role>` or the cookie `session`: as accounts would give them. */
export function testIdentities(bot = "*"): Identities {
  const find = (name: string | undefined): Principal | undefined => {
    const role = Role.options.find((one) => one === name);
    return role && principalOf({ by: "session", id: role, userId: userOf(role), grants: [{ bot, role }] });
  };
  return {
    authenticate: async ({ bearer, cookies }) => {
      if (bearer !== undefined) return find(bearer);
      const signedIn = find(cookies.get("session"));
      return signedIn && { ...signedIn, by: "cookie" };
    },
    isManaged: async () => true,
    current: async (credential) => find(credential.replace(/^session:/u, "")),
  };
}

/** The user that a role's person is. */
export const userOf = (role: Role): string => `${role}-1`;
