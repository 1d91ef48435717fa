/** What somebody needs who gives and takes roles, or manages those who have them. */
import type { Permission } from "../../core/permission.ts";
import { EVERY_BOT, type Role, type RoleGrant } from "../access/roles.ts";

/** A permission with a bot, or with `EVERY_BOT`. */
export interface Demand {
  readonly permission: Permission;
  readonly bot: string;
}

/** Only owners make owners and admins. */
export function permissionToGrant(role: Role): Permission {
  return role === "owner" || role === "admin" ? "owners:manage" : "users:manage";
}

/** What somebody needs who changes, disables or removes a user: as much as for giving every role that the user has. */
export function demandsToManage(grants: readonly RoleGrant[]): readonly Demand[] {
  if (grants.length === 0) return [{ permission: "users:manage", bot: EVERY_BOT }];
  return grants.map(({ bot, role }) => ({ permission: permissionToGrant(role), bot }));
}
