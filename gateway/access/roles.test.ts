import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Permission } from "../../core/permission.ts";
import { demandsToManage } from "../identity/manage-roles.ts";
import { reachOf } from "./decide.ts";
import { EVERY_BOT, permissionsOf, principalOf, Role, type RoleGrant } from "./roles.ts";

const anyRole = fc.constantFrom(...Role.options);
const anyPermission = fc.constantFrom(...Permission.options);
const anyBot = fc.constantFrom(EVERY_BOT, "harbour", "other");
const anyGrants = fc.array(fc.record({ bot: anyBot, role: anyRole }), { maxLength: 4 });

const user = (grants: readonly RoleGrant[]) => principalOf({ by: "session", id: "s", userId: "me", grants });
/** What belongs to no bot is the installation's. */
const botOf = (bot: string): string | undefined => (bot === EVERY_BOT ? undefined : bot);
/** Whoever logged in has it, with roles or without. */
const LOGGED_IN = "account:manage";
/** So have they what is their own. */
const OF_THEIR_OWN: ReadonlySet<Permission> = new Set([
  "actions:read",
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
]);
/** Whoever has a role with one bot has these. */
const OF_NO_BOT: ReadonlySet<Permission> = new Set(["reference:read", "tickets:create"]);
const isAllowed = (reach: string): boolean => reach === "any" || reach === "own";

describe("roles", () => {
  it("allow no more without a role than what is one's own, and with another bot what belongs to no bot besides", () => {
    fc.assert(
      fc.property(anyPermission, anyBot, anyRole, (permission, bot, role) => {
        if (permission === LOGGED_IN) return;
        const own = OF_THEIR_OWN.has(permission);
        expect(reachOf(user([]), permission, botOf(bot))).toBe(own ? "own" : "no-grant");
        const elsewhere = reachOf(user([{ bot: "third", role }]), permission, botOf(bot));
        if (own) expect(elsewhere).toBe("own");
        else if (!OF_NO_BOT.has(permission)) expect(isAllowed(elsewhere)).toBe(false);
      }),
    );
  });

  it("let whoever is logged in change what is their own, and no key, whatever its user may", () => {
    fc.assert(
      fc.property(anyGrants, anyBot, (grants, bot) => {
        expect(reachOf(user(grants), LOGGED_IN, botOf(bot))).toBe("any");
        expect(permissionsOf(grants, bot).has(LOGGED_IN)).toBe(false);
        const limits = { bot: EVERY_BOT, scopes: new Set(Permission.options) };
        const key = principalOf({ by: "api-key", id: "k", userId: "me", grants, limits });
        expect(reachOf(key, LOGGED_IN, botOf(bot))).toBe("no-grant");
      }),
    );
  });

  it("give the keys of others only with their bot", () => {
    const admin = user([{ bot: "harbour", role: "admin" }]);
    expect([reachOf(admin, "keys:manage", "harbour"), reachOf(admin, "keys:manage", "other")]).toEqual(["any", "own"]);
    expect(reachOf(admin, "keys:read", undefined)).toBe("own");
  });

  it("never let anybody decide, speak or act in another's name", () => {
    fc.assert(
      fc.property(anyGrants, anyBot, (grants, bot) => {
        for (const permission of ["actions:decide", "chat:use", "users:act-as"] as const)
          expect(reachOf(user(grants), permission, botOf(bot))).not.toBe("any");
      }),
    );
  });

  it("allow a key no more than its user, its scopes and its bot", () => {
    const limits = fc.record({ bot: anyBot, scopes: fc.uniqueArray(anyPermission) });
    fc.assert(
      fc.property(anyGrants, limits, anyPermission, anyBot, (grants, { bot, scopes }, permission, of) => {
        const key = principalOf({
          by: "api-key",
          id: "k",
          userId: "me",
          grants,
          limits: { bot, scopes: new Set(scopes) },
        });
        const reach = reachOf(key, permission, botOf(of));
        if (!isAllowed(reach)) return;
        expect(reach).toBe(reachOf(user(grants), permission, botOf(of)));
        expect(scopes).toContain(permission);
        if (!OF_NO_BOT.has(permission)) expect([EVERY_BOT, of]).toContain(bot);
      }),
    );
  });

  it("name for a key all that its user could do", () => {
    fc.assert(
      fc.property(anyGrants, fc.constantFrom("harbour", "other"), anyPermission, (grants, bot, permission) => {
        const held = permissionsOf(grants, bot).has(permission);
        if (held) expect(isAllowed(reachOf(user(grants), permission, bot))).toBe(true);
      }),
    );
  });

  it("let only owners manage whoever is owner or admin", () => {
    const admin = user([{ bot: EVERY_BOT, role: "admin" }]);
    fc.assert(
      fc.property(anyGrants, fc.constantFrom("owner", "admin"), anyBot, (grants, role, bot) => {
        const demands = demandsToManage([...grants, { bot, role }]);
        expect(demands.every((demand) => reachOf(admin, demand.permission, demand.bot) === "any")).toBe(false);
      }),
    );
  });
});
