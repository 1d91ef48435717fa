/** What somebody needs who gives and takes roles, or manages those who have them. */
import type { Demand } from "../../core/http.ts";
import type { Permission } from "../../core/permission.ts";
import { EVERY_BOT, type Role, type RoleGrant } from "../access/roles.ts";

/** Only owners make owners and admins. */
function permissionToGrant(role: Role): Permission {
  return role === "owner" || role === "admin" ? "owners:manage" : "users:manage";
}

/** Whoever has no role is nobody's in particular, and a login reaches every bot, whatever the roles. */
const OF_EVERY_BOT: Demand = { permission: "users:manage", bot: undefined };

/**
 * What somebody needs who gives these roles, takes them, or changes, disables or removes their holder: as much as for
 * giving every one of them.
 */
export function demandsToManage(grants: readonly RoleGrant[]): readonly Demand[] {
  if (grants.length === 0) return [OF_EVERY_BOT];
  return grants.map(({ bot, role }) => ({
    permission: permissionToGrant(role),
    bot: bot === EVERY_BOT ? undefined : bot,
  }));
}

/** The same for what opens a user's login to whoever does it. */
export function demandsToOpenLogin(grants: readonly RoleGrant[]): readonly Demand[] {
  return [OF_EVERY_BOT, ...demandsToManage(grants)];
}
