/** Users, roles and keys over HTTP: who may, and who tries without the right. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { testEngines } from "../../../test/support/engines.ts";
import {
  type Answered,
  type IdentityServer,
  identityServer,
  type Sent,
} from "../../../test/support/identity-server.ts";
import { addUser, logIn, PASSWORD } from "../../../test/support/test-identity.ts";
import type { RoleGrant } from "../../access/roles.ts";

const problem = (status: number, code: string) => ({ status, body: expect.objectContaining({ code, status }) });
const Made = z.object({ user: z.object({ id: z.string() }), link: z.object({ secret: z.string() }) });
const Key = z.object({ id: z.string(), secret: z.string() });

describe.each(testEngines())("users and keys over HTTP on $name", ({ place }) => {
  let folder: string;
  let server: IdentityServer;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "parley-users-http-"));
    server = await identityServer(await place(folder), folder);
  });
  afterEach(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Somebody who is logged in, with these roles. */
  async function person(login: string, ...roles: readonly RoleGrant[]) {
    const { accounts } = server.identity;
    const { account, link } = await accounts.create({ login, name: "", grants: roles, by: "test" });
    await accounts.setPasswordByLink(link.secret, PASSWORD);
    const { accessToken, sessionId } = await logIn(server.identity, login);
    const call = async (path: string, sent: Sent = {}): Promise<Answered> =>
      await server.call(path, { bearer: accessToken, ...sent });
    return { id: account.id, call, bearer: accessToken, sessionId };
  }
  const everywhere = (role: RoleGrant["role"]): RoleGrant => ({ role, bot: "*" });
  const harbour = (role: RoleGrant["role"]): RoleGrant => ({ role, bot: "harbour" });

  it("makes a user, whose link sets a password once", async () => {
    const owner = await person("boss", everywhere("owner"));
    const roles = [{ role: "moderator", bot: "harbour" }];
    const made = await owner.call("/api/v1/users", { body: { login: "Ruth@Example.org", name: "Ruth", roles } });
    expect(made).toMatchObject({ status: 201, body: { user: { login: "ruth@example.org", roles } } });
    const { user, link } = Made.parse(made.body);
    expect(JSON.stringify((await owner.call(`/api/v1/users/${user.id}`)).body)).not.toContain(link.secret);
    const set = { body: { secret: link.secret, password: PASSWORD } };
    expect(
      (await server.call("/api/v1/auth/password", { body: { ...set.body, password: "short" } })).body,
    ).toMatchObject({
      code: "identity/weak-password",
    });
    expect((await server.call("/api/v1/auth/password", set)).status).toBe(200);
    expect(await server.call("/api/v1/auth/password", set)).toMatchObject(problem(410, "identity/link"));
    expect(await logIn(server.identity, "ruth@example.org")).toMatchObject({ userId: user.id });
    const again = await owner.call("/api/v1/users", { body: { login: "ruth@example.org" } });
    expect(again).toMatchObject(problem(409, "identity/login-taken"));
    for (const body of [{ login: "a b" }, { login: "x", roles: [{ role: "moderator", bot: "nobody" }] }])
      expect((await owner.call("/api/v1/users", { body })).status).toBe(400);
  });

  it("lists users page by page", async () => {
    const owner = await person("boss", everywhere("owner"));
    for (const login of ["a", "c", "b"]) await addUser(server.identity, login);
    const Page = z.object({ users: z.array(z.object({ login: z.string() })), next: z.string().optional() });
    const first = Page.parse((await owner.call("/api/v1/users?limit=3")).body);
    const second = Page.parse((await owner.call(`/api/v1/users?limit=3&cursor=${first.next ?? ""}`)).body);
    expect([...first.users, ...second.users].map(({ login }) => login)).toEqual(["boss", "a", "c", "b"]);
    expect(second.next).toBeUndefined();
    expect((await owner.call("/api/v1/users?limit=1000")).status).toBe(400);
    // An address is kept by logs: no login stands in it.
    expect(Buffer.from(first.next ?? "", "base64url").toString()).not.toContain("boss");
  });

  it("gives and takes roles that count at once, with the same token", async () => {
    const owner = await person("boss", everywhere("owner"));
    const ruth = await person("ruth");
    expect((await ruth.call("/api/v1/of-harbour")).status).toBe(403);
    const roles = `/api/v1/users/${ruth.id}/roles`;
    expect((await owner.call(roles, { body: { role: "moderator", bot: "harbour" } })).status).toBe(200);
    expect((await ruth.call("/api/v1/of-harbour")).status).toBe(200);
    const taken = await owner.call(`${roles}?role=moderator&bot=harbour`, { method: "DELETE" });
    expect(taken).toMatchObject({ status: 200, body: { roles: [] } });
    expect((await ruth.call("/api/v1/of-harbour")).status).toBe(403);
    expect((await ruth.call("/api/v1/me")).status).toBe(200);
  });

  it("locks a user out at once: sessions, keys, logins", async () => {
    const owner = await person("boss", everywhere("owner"));
    const ruth = await person("ruth", harbour("moderator"));
    const body = { userId: ruth.id, name: "crm", bot: "harbour", scopes: ["conversations:write"], password: PASSWORD };
    const { secret } = Key.parse((await ruth.call("/api/v1/keys", { body })).body);
    expect((await server.call("/api/v1/of-harbour", { bearer: secret })).status).toBe(200);
    expect((await owner.call(`/api/v1/users/${ruth.id}/disable`, { body: {} })).status).toBe(204);
    for (const bearer of [ruth.bearer, secret])
      expect(await server.call("/api/v1/of-harbour", { bearer })).toMatchObject(problem(401, "gateway/unauthorized"));
    const login = { body: { login: "ruth", password: PASSWORD } };
    expect(await server.call("/api/v1/auth/login", login)).toMatchObject(problem(401, "identity/login-refused"));
    expect((await owner.call(`/api/v1/users/${ruth.id}/enable`, { body: {} })).status).toBe(204);
    expect((await server.call("/api/v1/auth/login", login)).status).toBe(200);
    expect((await ruth.call("/api/v1/me")).status).toBe(401);
    expect((await server.call("/api/v1/of-harbour", { bearer: secret })).status).toBe(401);
  });

  it("keeps the last owner", async () => {
    const owner = await person("boss", everywhere("owner"));
    const path = `/api/v1/users/${owner.id}`;
    for (const call of [
      owner.call(`${path}/disable`, { body: {} }),
      owner.call(path, { method: "DELETE" }),
      owner.call(`${path}/roles?role=owner&bot=*`, { method: "DELETE" }),
    ])
      expect(await call).toMatchObject(problem(409, "identity/last-owner"));
  });

  it("lets no admin become an owner: by a role, another's password, factors, or a key", async () => {
    const owner = await person("boss", everywhere("owner"));
    const admin = await person("adam", everywhere("admin"));
    const path = `/api/v1/users/${owner.id}`;
    const refused = problem(403, "gateway/forbidden");
    for (const role of ["owner", "admin"] as const) {
      expect(await admin.call(`/api/v1/users/${admin.id}/roles`, { body: { role } })).toMatchObject(refused);
      expect(await admin.call("/api/v1/users", { body: { login: "eve", roles: [{ role }] } })).toMatchObject(refused);
    }
    for (const action of ["password-link", "reset-second-factor", "disable", "enable", "sign-out"])
      expect(await admin.call(`${path}/${action}`, { body: {} })).toMatchObject(refused);
    expect(await admin.call(path, { method: "DELETE" })).toMatchObject(refused);
    const key = { userId: owner.id, name: "x", scopes: ["owners:manage"] };
    expect(await admin.call("/api/v1/keys", { body: key })).toMatchObject(refused);
    expect((await admin.call(path)).status).toBe(200);
    expect(server.denials.map(({ principal }) => principal)).toContain(`user:${admin.id}`);
    expect(server.denials).toHaveLength(11);
  });

  it("holds whoever manages one bot to that bot", async () => {
    await person("boss", everywhere("owner"));
    const admin = await person("adam", harbour("admin"));
    const of = async (role: string, bot: string): Promise<number> =>
      (await admin.call("/api/v1/users", { body: { login: `${role}.${bot}x`, roles: [{ role, bot }] } })).status;
    expect([await of("moderator", "harbour"), await of("moderator", "other")]).toEqual([201, 403]);
    expect((await admin.call("/api/v1/users", { body: { login: "x" } })).status).toBe(403);
    expect((await admin.call("/api/v1/users")).status).toBe(403);
    const ruth = await person("ruth", harbour("moderator"), { role: "moderator", bot: "other" });
    expect((await admin.call(`/api/v1/users/${ruth.id}/disable`, { body: {} })).status).toBe(403);
    const nobody = await admin.call("/api/v1/users/nobody/disable", { body: {} });
    expect(nobody.status).toBe(403);
  });

  it("lets nobody who manages one bot open a login, which reaches every bot", async () => {
    await person("boss", everywhere("owner"));
    const admin = await person("adam", harbour("admin"));
    const refused = problem(403, "gateway/forbidden");
    const without = await person("without");
    const customer = await person("customer", harbour("customer"));
    const given = await admin.call(`/api/v1/users/${without.id}/roles`, { body: harbour("customer") });
    expect(given).toMatchObject(refused);
    for (const { id } of [without, customer])
      for (const action of ["password-link", "reset-second-factor"])
        expect(await admin.call(`/api/v1/users/${id}/${action}`, { body: {} })).toMatchObject(refused);
    expect((await admin.call(`/api/v1/users/${customer.id}/disable`, { body: {} })).status).toBe(204);
    const everyBots = await person("ada", everywhere("admin"));
    expect((await everyBots.call(`/api/v1/users/${without.id}/password-link`, { body: {} })).status).toBe(200);
  });

  it.each(["moderator", "analyst", "auditor", "customer"] as const)("lets no %s manage anybody", async (role) => {
    await person("boss", everywhere("owner"));
    const other = await person("other", everywhere("customer"));
    const ruth = await person("ruth", everywhere(role));
    const path = `/api/v1/users/${other.id}`;
    const calls: readonly (readonly [string, Sent])[] = [
      ["/api/v1/users", { body: { login: "eve" } }],
      [`${path}/roles`, { body: { role: "customer" } }],
      [`/api/v1/users/${ruth.id}/roles`, { body: { role: "moderator" } }],
      [`${path}/roles?role=customer`, { method: "DELETE" }],
      [path, { method: "DELETE" }],
      ...["disable", "enable", "sign-out", "reset-second-factor", "password-link"].map(
        (action) => [`${path}/${action}`, { body: {} }] as const,
      ),
    ];
    for (const [where, sent] of calls)
      expect(await ruth.call(where, sent)).toMatchObject(problem(403, "gateway/forbidden"));
    expect((await ruth.call("/api/v1/users")).status).toBe(role === "auditor" ? 200 : 403);
  });

  it("takes no more of a body than it asks for", async () => {
    const owner = await person("boss", everywhere("owner"));
    const ruth = await person("ruth", everywhere("customer"));
    const refused = problem(400, "gateway/invalid-request");
    for (const more of [{ role: "owner" }, { roles: [] }, { id: "x" }, { login: "boss" }, { disabledAt: null }])
      expect(await ruth.call("/api/v1/me", { method: "PATCH", body: { name: "Ruth", ...more } })).toMatchObject(
        refused,
      );
    for (const more of [{ id: "x" }, { password: PASSWORD }, { createdAt: 0 }])
      expect(await owner.call("/api/v1/users", { body: { login: "eve", ...more } })).toMatchObject(refused);
    const reached = await ruth.call("/api/v1/me", {
      method: "PATCH",
      body: '{"name":"Ruth","__proto__":{"role":"owner"}}',
    });
    expect(reached).toMatchObject(problem(400, "gateway/forbidden-key"));
    expect((await ruth.call("/api/v1/me")).body).toMatchObject({ name: "", roles: [{ bot: "*", role: "customer" }] });
  });

  it("answers for another's session, key and factor as if there were none", async () => {
    await person("boss", everywhere("owner"));
    const ruth = await person("ruth", everywhere("customer"));
    const eve = await person("eve", everywhere("customer"));
    const body = { userId: ruth.id, name: "crm", scopes: ["chat:use"], password: PASSWORD };
    const key = Key.parse((await ruth.call("/api/v1/keys", { body })).body);
    const pairs = [
      [`/api/v1/me/sessions/${ruth.sessionId}`, "/api/v1/me/sessions/none"],
      [`/api/v1/keys/${key.id}`, "/api/v1/keys/none"],
      [`/api/v1/keys?userId=${ruth.id}`, "/api/v1/keys?userId=none"],
    ] as const;
    for (const [theirs, none] of pairs) {
      const method = theirs.includes("?") ? "GET" : "DELETE";
      const answers = [await eve.call(theirs, { method }), await eve.call(none, { method })];
      expect(answers.map(({ status }) => status)).toEqual([404, 404]);
      const [one, other] = answers.map(({ body: told }) => z.looseObject({ code: z.string() }).parse(told).code);
      expect(one).toBe(other);
    }
    for (const userId of [ruth.id, "none"])
      expect(await eve.call("/api/v1/keys", { body: { ...body, userId } })).toMatchObject(
        problem(404, "gateway/no-such-object"),
      );
    expect((await server.call("/api/v1/me", { bearer: ruth.bearer })).status).toBe(200);
    expect((await ruth.call(`/api/v1/keys?userId=${ruth.id}`)).body).toMatchObject({ keys: [{ id: key.id }] });
  });

  it("lists and ends the own sessions", async () => {
    await person("boss", everywhere("owner"));
    const ruth = await person("ruth", everywhere("customer"));
    server.clock.now += 1_000;
    const other = await logIn(server.identity, "ruth");
    const Page = z.object({
      sessions: z.array(z.object({ id: z.string(), isThisOne: z.boolean() })),
      next: z.string().optional(),
    });
    const first = Page.parse((await ruth.call("/api/v1/me/sessions?limit=1")).body);
    const second = Page.parse((await ruth.call(`/api/v1/me/sessions?limit=1&cursor=${first.next ?? ""}`)).body);
    expect([...first.sessions, ...second.sessions]).toEqual([
      { id: other.sessionId, isThisOne: false },
      { id: ruth.sessionId, isThisOne: true },
    ]);
    expect((await ruth.call(`/api/v1/me/sessions/${other.sessionId}`, { method: "DELETE" })).status).toBe(204);
    expect((await server.call("/api/v1/me", { bearer: other.accessToken })).status).toBe(401);
    await logIn(server.identity, "ruth");
    const everywhereOut = await ruth.call("/api/v1/auth/logout-everywhere", { body: {} });
    expect(everywhereOut).toMatchObject({ status: 200, body: { ended: 2 } });
  });

  describe("an API key", () => {
    it("is shown once, does what its scopes say, and ends at once", async () => {
      const owner = await person("boss", everywhere("owner"));
      const scopes = ["conversations:write"];
      const body = { userId: owner.id, name: "crm", bot: "harbour", scopes, days: 1, password: PASSWORD };
      const made = await owner.call("/api/v1/keys", { body });
      const { id, secret } = Key.parse(made.body);
      expect(made.headers["cache-control"]).toBe("no-store");
      const listed = await owner.call("/api/v1/keys");
      expect(listed.body).toMatchObject({ keys: [{ id, name: "crm" }] });
      expect(JSON.stringify(listed.body)).not.toContain(secret);
      const ask = async (path: string): Promise<number> => (await server.call(path, { bearer: secret })).status;
      expect([await ask("/api/v1/of-harbour"), await ask("/api/v1/users"), await ask("/api/v1/me")]).toEqual([
        200, 403, 403,
      ]);
      expect((await owner.call(`/api/v1/keys/${id}`, { method: "DELETE" })).status).toBe(204);
      expect(await ask("/api/v1/of-harbour")).toBe(401);
      expect((await owner.call("/api/v1/keys/none", { method: "DELETE" })).body).toMatchObject({
        code: "identity/unknown-key",
      });
    });

    it("has no scope that its user has not, ends with its time, and makes no other", async () => {
      const owner = await person("boss", everywhere("owner"));
      const ruth = await person("ruth", harbour("moderator"));
      const create = async (more: object): Promise<Answered> =>
        await ruth.call("/api/v1/keys", {
          body: { userId: ruth.id, name: "x", bot: "harbour", password: PASSWORD, ...more },
        });
      for (const scopes of [["users:manage"], ["account:manage"], ["conversations:write", "owners:manage"]])
        expect(await create({ scopes })).toMatchObject(problem(400, "identity/key-scopes"));
      expect(await create({ scopes: ["conversations:write"], bot: "other" })).toMatchObject({ status: 400 });
      expect(await create({ scopes: ["made:up"] })).toMatchObject(problem(400, "gateway/invalid-request"));
      expect((await create({ scopes: ["conversations:write"], days: 366 })).status).toBe(400);
      const all = ["conversations:write", "keys:manage"];
      const { secret } = Key.parse((await create({ scopes: all, days: 1 })).body);
      const scopes = ["conversations:read"];
      const more = { userId: ruth.id, name: "y", bot: "harbour", scopes, password: PASSWORD };
      expect(await server.call("/api/v1/keys", { bearer: secret, body: more })).toMatchObject(
        problem(403, "identity/key-makes-key"),
      );
      // Whoever manages it may make one for another, within what the other may.
      expect((await owner.call("/api/v1/keys", { body: more })).status).toBe(201);
      server.clock.now += 86_400_000;
      expect((await server.call("/api/v1/of-harbour", { bearer: secret })).status).toBe(401);
    });

    it("of somebody else's name neither speaks nor decides for them", async () => {
      const owner = await person("boss", everywhere("owner"));
      const ruth = await person("ruth", everywhere("customer"));
      const create = async (by: typeof owner, ...scopes: readonly string[]): Promise<Answered> =>
        await by.call("/api/v1/keys", { body: { userId: ruth.id, name: "x", scopes, password: PASSWORD } });
      for (const scope of ["chat:use", "actions:decide", "tools:use"]) {
        const answer = await create(owner, "documents:read", scope);
        expect(answer).toMatchObject(problem(403, "identity/key-of-person"));
        expect((await create(ruth, scope)).status).toBe(201);
      }
      expect((await create(owner, "documents:read")).status).toBe(201);
    });

    it("is made by who knows the password, not by a session alone", async () => {
      await person("boss", everywhere("owner"));
      const ruth = await person("ruth", everywhere("customer"));
      const body = { userId: ruth.id, name: "x", scopes: ["documents:read"], days: 365 };
      for (const more of [{}, { password: "wrong" }])
        expect(await ruth.call("/api/v1/keys", { body: { ...body, ...more } })).toMatchObject(
          problem(401, "identity/login-refused"),
        );
      expect((await ruth.call("/api/v1/keys", { body: { ...body, password: PASSWORD } })).status).toBe(201);
    });

    it("is ended by who manages its user, and by nobody else", async () => {
      const owner = await person("boss", everywhere("owner"));
      const admin = await person("adam", everywhere("admin"));
      const ofHarbour = await person("hanna", harbour("admin"));
      const ruth = await person("ruth", everywhere("moderator"));
      const keyOf = async (of: typeof owner): Promise<string> => {
        const body = { userId: of.id, name: "x", bot: "harbour", scopes: ["documents:read"], password: PASSWORD };
        return `/api/v1/keys/${Key.parse((await of.call("/api/v1/keys", { body })).body).id}`;
      };
      const [ofOwner, ofRuth] = [await keyOf(owner), await keyOf(ruth)];
      const end = async (by: typeof owner, key: string): Promise<number> =>
        (await by.call(key, { method: "DELETE" })).status;
      expect([await end(admin, ofOwner), await end(ofHarbour, ofOwner), await end(ofHarbour, ofRuth)]).toEqual([
        403, 403, 403,
      ]);
      expect([await end(admin, ofRuth), await end(owner, ofOwner)]).toEqual([204, 204]);
    });

    it("is listed page by page", async () => {
      const owner = await person("boss", everywhere("owner"));
      const made: string[] = [];
      for (const name of ["a", "b", "c"]) {
        const body = { userId: owner.id, name, scopes: ["users:read"], password: PASSWORD };
        made.unshift(Key.parse((await owner.call("/api/v1/keys", { body })).body).id);
        server.clock.now += 1;
      }
      const Page = z.object({ keys: z.array(z.object({ id: z.string() })), next: z.string().optional() });
      for (const of of ["", `&userId=${owner.id}`]) {
        const first = Page.parse((await owner.call(`/api/v1/keys?limit=2${of}`)).body);
        const second = Page.parse((await owner.call(`/api/v1/keys?limit=2${of}&cursor=${first.next ?? ""}`)).body);
        expect([...first.keys, ...second.keys].map(({ id }) => id)).toEqual(made);
        expect(second.next).toBeUndefined();
      }
    });
  });

  it("shows alerts to whoever reads the audit", async () => {
    const auditor = await person("audit", everywhere("auditor"));
    const ruth = await person("ruth", everywhere("customer"));
    for (let time = 0; time < 5; time += 1)
      await server.call("/api/v1/auth/login", { body: { login: "ruth", password: "wrong" } });
    const shown = await auditor.call("/api/v1/alerts?limit=5");
    expect(shown).toMatchObject({ status: 200 });
    const kinds = z.object({ alerts: z.array(z.object({ kind: z.string(), userId: z.string() })) }).parse(shown.body);
    expect(kinds.alerts).toContainEqual({ kind: "failed-logins", userId: ruth.id });
    expect((await ruth.call("/api/v1/alerts")).status).toBe(403);
  });

  it("needs a logged-in person where it is about oneself: no token of programs", async () => {
    await server.close();
    server = await identityServer(await place(folder), folder, {
      gateway: { accessToken: () => "acce55", trustedToken: () => "tru5ted" },
    });
    expect(await server.call("/api/v1/me", { bearer: "acce55" })).toMatchObject(problem(403, "gateway/forbidden"));
    expect(await server.call("/api/v1/me", { bearer: "tru5ted" })).toMatchObject(problem(403, "identity/no-session"));
    expect((await server.call("/api/v1/users", { bearer: "tru5ted" })).status).toBe(200);
    expect((await server.call("/api/v1/users", { bearer: "acce55" })).status).toBe(403);
    expect((await server.call("/api/v1/users")).status).toBe(401);
  });
});
