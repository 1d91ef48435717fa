import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { demandsToManage, EVERY_BOT, isAllowed, Permission, permissionsOf, Role } from "./roles.ts";

const anyRole = fc.constantFrom(...Role.options);
const anyPermission = fc.constantFrom(...Permission.options);
const anyBot = fc.constantFrom(EVERY_BOT, "harbour", "other");
const anyGrants = fc.array(fc.record({ bot: anyBot, role: anyRole }), { maxLength: 4 });
const anyDemand = fc.record(
  { permission: anyPermission, bot: anyBot, owner: fc.constantFrom("me", "you") },
  { requiredKeys: ["permission", "bot"] },
);

/** What each role may do to the objects of others, as it was meant: a change of the table is to be a change here. */
const OTHERS: Readonly<Record<Role, string>> = {
  owner:
    "actions:read agents:read audit:read conversations:erase conversations:read conversations:write documents:read documents:write keys:manage keys:read metrics:read owners:manage preferences:read preferences:write recommendations:read sessions:end sessions:read settings:read settings:write tools:read tools:use trainings:start users:manage users:read webhooks:manage webhooks:read",
  admin:
    "actions:read agents:read audit:read conversations:erase conversations:read conversations:write documents:read documents:write keys:manage keys:read metrics:read preferences:read preferences:write recommendations:read sessions:end sessions:read settings:read settings:write tools:read tools:use trainings:start users:manage users:read webhooks:manage webhooks:read",
  moderator: "agents:read conversations:read conversations:write documents:read sessions:end sessions:read tools:read",
  analyst: "agents:read documents:read metrics:read recommendations:read tools:read",
  auditor: "actions:read agents:read audit:read keys:read settings:read tools:read users:read webhooks:read",
  customer: "",
};

describe("roles", () => {
  it.each(Role.options)("%s may do to others' objects what is written here, and nothing else", (role) => {
    const holder = { userId: "me", grants: [{ bot: "harbour", role }] };
    const allowed = Permission.options.filter((permission) =>
      isAllowed(holder, { permission, bot: "harbour", owner: "you" }),
    );
    expect(allowed.join(" ")).toBe(OTHERS[role]);
  });

  it("allow nothing without a role, and nothing with another bot", () => {
    fc.assert(
      fc.property(anyDemand, anyRole, (demand, role) => {
        expect(isAllowed({ userId: "me", grants: [] }, demand)).toBe(false);
        const elsewhere = { userId: "me", grants: [{ bot: "third", role }] };
        expect(isAllowed(elsewhere, demand)).toBe(false);
      }),
    );
  });

  it("give with one bot nothing on the installation", () => {
    fc.assert(
      fc.property(anyPermission, anyRole, (permission, role) => {
        const holder = { userId: "me", grants: [{ bot: "harbour", role }] };
        expect(isAllowed(holder, { permission, bot: EVERY_BOT, owner: "me" })).toBe(false);
      }),
    );
  });

  it("never let anybody decide or speak in another's name", () => {
    fc.assert(
      fc.property(anyGrants, anyBot, (grants, bot) => {
        for (const permission of ["actions:decide", "chat:use"] as const)
          expect(isAllowed({ userId: "me", grants }, { permission, bot, owner: "you" })).toBe(false);
      }),
    );
  });

  it("allow a key no more than its user, its scopes and its bot", () => {
    const limits = fc.record({ bot: anyBot, scopes: fc.uniqueArray(anyPermission) });
    fc.assert(
      fc.property(anyGrants, limits, anyDemand, (grants, { bot, scopes }, demand) => {
        const limited = { userId: "me", grants, limits: { bot, scopes: new Set(scopes) } };
        const expected =
          isAllowed({ userId: "me", grants }, demand) &&
          scopes.includes(demand.permission) &&
          (bot === EVERY_BOT || bot === demand.bot);
        expect(isAllowed(limited, demand)).toBe(expected);
      }),
    );
  });

  it("name for a key only what its user could do", () => {
    fc.assert(
      fc.property(anyGrants, anyBot, (grants, bot) => {
        const held = permissionsOf(grants, bot);
        for (const permission of Permission.options)
          expect(held.has(permission)).toBe(isAllowed({ userId: "me", grants }, { permission, bot, owner: "me" }));
      }),
    );
  });

  it("let only owners manage whoever is owner or admin", () => {
    fc.assert(
      fc.property(anyGrants, fc.constantFrom("owner", "admin"), anyBot, (grants, role, bot) => {
        const demands = demandsToManage([...grants, { bot, role }]);
        const admin = { userId: "me", grants: [{ bot: EVERY_BOT, role: "admin" as const }] };
        expect(demands.every((demand) => isAllowed(admin, demand))).toBe(false);
      }),
    );
  });
});
