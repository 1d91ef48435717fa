/** What somebody needs who gives and takes roles, or manages those who have them. */
import type { Demand } from "../../core/http.ts";
import type { Permission } from "../../core/permission.ts";
import { EVERY_BOT, type Role, type RoleGrant } from "../access/roles.ts";

/** Only owners make owners and admins. */
function permissionToGrant(role: Role): Permission {
  return role === "owner" || role === "admin" ? "owners:manage" : "users:manage";
}

/**
 * What somebody needs who gives these roles, takes them, or changes, disables or removes their holder: as much as for
 * giving every one of them.
 */
export function demandsToManage(grants: readonly RoleGrant[]): readonly Demand[] {
  if (grants.length === 0) return [{ permission: "users:manage", bot: undefined }];
  return grants.map(({ bot, role }) => ({
    permission: permissionToGrant(role),
    bot: bot === EVERY_BOT ? undefined : bot,
  }));
}
