/** Logging in over HTTP, and who tries to without the right. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TOTP, URI } from "otpauth";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { testEngines } from "../../../test/support/engines.ts";
import { type Answered, type IdentityServer, identityServer, Tokens } from "../../../test/support/identity-server.ts";
import { passkeyDevice } from "../../../test/support/passkey-device.ts";
import { addUser, ELSEWHERE, PASSWORD, SITE } from "../../../test/support/test-identity.ts";
import type { GatewayOptions } from "../../index.ts";
import { REFRESH_COOKIE, SESSION_COOKIE } from "../identities.ts";

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const problem = (status: number, code: string) => ({ status, body: expect.objectContaining({ code, status }) });

describe.each(testEngines())("identity over HTTP on $name", ({ place }) => {
  let folder: string;
  let server: IdentityServer;
  const start = async (gateway: Partial<GatewayOptions> = {}): Promise<IdentityServer> =>
    await identityServer(await place(folder), folder, { gateway });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "parley-identity-http-"));
    server = await start();
  });
  afterEach(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const login = async (of = "ruth", password = PASSWORD, more: object = {}): Promise<Answered> =>
    await server.call("/api/v1/auth/login", { body: { login: of, password, ...more } });
  const tokens = async (of = "ruth") => Tokens.parse((await login(of)).body);
  const me = async (bearer: string): Promise<Answered> => await server.call("/api/v1/me", { bearer });
  const fromPage = () => ({ origin: server.url, "sec-fetch-site": "same-origin" });
  const browserLogin = async (cookies?: ReadonlyMap<string, string>): Promise<Answered> =>
    await server.call("/api/v1/auth/login", {
      body: { login: "ruth", password: PASSWORD, cookies: true },
      headers: fromPage(),
      ...(cookies && { cookies }),
    });

  it("gives a session whose token says who somebody is", async () => {
    const id = await addUser(server.identity, "ruth", "moderator");
    const { accessToken, sessionId } = await tokens();
    expect(await me(accessToken)).toMatchObject({
      status: 200,
      body: { id, login: "ruth", roles: [{ bot: "*", role: "moderator" }], sessionId },
      headers: { "cache-control": "no-store" },
    });
    expect(await server.call("/api/v1/me")).toMatchObject(problem(403, "identity/no-session"));
    expect(await me("made-up")).toMatchObject(problem(401, "gateway/unauthorized"));
    server.clock.now += 15 * MINUTE;
    expect(await me(accessToken)).toMatchObject(problem(401, "gateway/unauthorized"));
  });

  it("answers alike whoever the login is nobody's, locked out, or has another password", async () => {
    await addUser(server.identity, "boss", "owner");
    const id = await addUser(server.identity, "ruth");
    await server.identity.accounts.disable(id);
    const answers = [await login("nobody"), await login("ruth"), await login("boss", "wrong")];
    for (const one of answers) expect(one).toMatchObject(problem(401, "identity/login-refused"));
    const told = answers.map(({ body }) => z.looseObject({ detail: z.string() }).parse(body).detail);
    expect(new Set(told).size).toBe(1);
  });

  it("locks whoever guesses, and says when to try again", async () => {
    await addUser(server.identity, "ruth");
    for (let time = 0; time < 5; time += 1) expect((await login("ruth", "wrong")).status).toBe(401);
    const locked = await login();
    expect(locked).toMatchObject(problem(429, "identity/locked"));
    expect(locked.headers["retry-after"]).toBe("60");
    expect(locked.body).toHaveProperty("detail", "There were too many attempts. Wait 60 seconds, then try again.");
    expect(server.alerts).toEqual(["failed-logins"]);
    server.clock.now += MINUTE;
    for (let time = 0; time < 5; time += 1) expect((await login("ruth", "wrong")).status).toBe(401);
    expect((await login()).body).toHaveProperty("detail", expect.stringContaining("Wait 2 minutes, then"));
    server.clock.now += 2 * MINUTE;
    expect((await login()).status).toBe(200);
  });

  it("counts guesses by the address behind a trusted proxy, and believes no other's word for it", async () => {
    const guess = async (address: string): Promise<Answered> =>
      await server.call("/api/v1/auth/login", {
        body: { login: "ruth", password: "wrong" },
        headers: { "x-forwarded-for": address, "x-forwarded-proto": "https" },
      });
    expect(await guess("198.51.100.9")).toMatchObject(problem(403, "identity/plain-http"));
    await server.close();
    server = await start({ trustedProxies: 1 });
    await addUser(server.identity, "ruth");
    for (let time = 0; time < 5; time += 1) expect((await guess(ELSEWHERE.address)).status).toBe(401);
    expect((await guess(ELSEWHERE.address)).status).toBe(429);
    expect((await guess("203.0.113.5")).status).toBe(401);
  });

  it("limits how often somebody tries, whatever the login", async () => {
    const statuses: number[] = [];
    for (let time = 0; time < 31; time += 1) statuses.push((await login(`nobody${time}`, "short")).status);
    expect(statuses.slice(0, 30)).not.toContain(429);
    expect(statuses[30]).toBe(429);
  });

  it("over plain HTTP is refused anywhere but on this machine", async () => {
    await server.close();
    server = await start({ hosts: ["bot.example.com"] });
    await addUser(server.identity, "ruth");
    const calls = [
      ["/api/v1/auth/login", { login: "ruth", password: PASSWORD }],
      ["/api/v1/auth/refresh", { refreshToken: "x" }],
      ["/api/v1/auth/first-owner", { secret: "x", login: "eve", password: PASSWORD }],
      ["/api/v1/auth/password", { secret: "x", password: PASSWORD }],
      ["/api/v1/auth/login/passkey/options", {}],
    ] as const;
    for (const [path, body] of calls)
      expect(await server.call(path, { body, headers: { host: "bot.example.com" } })).toMatchObject(
        problem(403, "identity/plain-http"),
      );
    expect((await login()).status).toBe(200);
  });

  it("takes nothing but what it asks for", async () => {
    await addUser(server.identity, "ruth");
    expect(await login("ruth", PASSWORD, { role: "owner" })).toMatchObject(problem(400, "gateway/invalid-request"));
    const form = { body: "login=ruth", headers: { "content-type": "application/x-www-form-urlencoded" } };
    expect(await server.call("/api/v1/auth/login", form)).toMatchObject(problem(415, "gateway/media-type"));
    const long = await login("ruth", "x".repeat(2_000));
    expect(long).toMatchObject(problem(400, "gateway/invalid-request"));
    expect(JSON.stringify(long.body)).not.toContain("xxx");
  });

  describe("a refresh token", () => {
    const refresh = async (refreshToken: string): Promise<Answered> =>
      await server.call("/api/v1/auth/refresh", { body: { refreshToken } });

    it("is good for one use; a later second one ends the session of both who have it", async () => {
      await addUser(server.identity, "ruth");
      const first = await tokens();
      const second = Tokens.parse((await refresh(first.refreshToken)).body);
      expect(second.sessionId).toBe(first.sessionId);
      expect((await me(second.accessToken)).status).toBe(200);
      server.clock.now += 10_000;
      expect(await refresh(first.refreshToken)).toMatchObject(problem(401, "identity/session-ended"));
      expect(server.alerts).toEqual(["token-reuse"]);
      expect(await refresh(second.refreshToken)).toMatchObject(problem(401, "identity/session-ended"));
      expect(await me(second.accessToken)).toMatchObject(problem(401, "gateway/unauthorized"));
    });

    it("of several tabs at once gives each a pair of the same session, without an alert", async () => {
      await addUser(server.identity, "ruth");
      const { refreshToken } = await tokens();
      const answers = await Promise.all([refresh(refreshToken), refresh(refreshToken), refresh(refreshToken)]);
      for (const { body } of answers) expect((await me(Tokens.parse(body).accessToken)).status).toBe(200);
      const pairs = answers.map(({ body }) => Tokens.parse(body));
      expect(new Set(pairs.map(({ sessionId }) => sessionId)).size).toBe(1);
      expect(new Set(pairs.map((pair) => pair.refreshToken)).size).toBe(3);
      expect(server.alerts).toEqual([]);
    });

    it("is no access token, and an access token is none", async () => {
      await addUser(server.identity, "ruth");
      const { accessToken, refreshToken } = await tokens();
      expect((await me(refreshToken)).status).toBe(401);
      expect((await refresh(accessToken)).status).toBe(400);
    });

    it("ends after seven days, with the logout, the user and the password", async () => {
      await addUser(server.identity, "boss", "owner");
      const id = await addUser(server.identity, "ruth");
      const ends: readonly ((session: z.infer<typeof Tokens>) => Promise<unknown>)[] = [
        async () => (server.clock.now += 7 * DAY),
        async ({ accessToken }) => await server.call("/api/v1/auth/logout", { bearer: accessToken, body: {} }),
        async ({ accessToken }) =>
          await server.call("/api/v1/auth/logout-everywhere", { bearer: accessToken, body: {} }),
        async ({ accessToken }) =>
          await server.call("/api/v1/me/password", {
            method: "PUT",
            bearer: accessToken,
            body: { current: PASSWORD, next: PASSWORD },
          }),
        async () => await server.identity.accounts.disable(id),
      ];
      for (const end of ends) {
        const session = await tokens();
        await end(session);
        expect(await refresh(session.refreshToken)).toMatchObject(problem(401, "identity/session-ended"));
        expect((await me(session.accessToken)).status).toBe(401);
      }
    });
  });

  describe("cookies", () => {
    it("are this host's alone, unreadable for scripts, and in the place of the tokens", async () => {
      await addUser(server.identity, "ruth");
      const answer = await browserLogin();
      expect(answer).toMatchObject({ status: 200, body: { kind: "session" } });
      expect(answer.body).not.toHaveProperty("accessToken");
      expect(answer.body).not.toHaveProperty("refreshToken");
      const set = z.array(z.string()).parse(answer.headers["set-cookie"]);
      const [told, ...secret] = set.toReversed();
      expect(secret).toHaveLength(2);
      for (const one of secret) {
        expect(one).toMatch(/^__Host-parley_(?:session|refresh)=/u);
        expect(one).toMatch(/; Path=\/; Max-Age=\d+; Secure; HttpOnly; SameSite=Lax$/u);
      }
      // For the page, which refreshes in time: when the access token ends, and nothing else.
      const until = server.clock.now + 15 * 60_000;
      expect(told).toBe(`__Host-parley_login=${until}; Path=/; Max-Age=604800; Secure; SameSite=Lax`);
      expect((await server.call("/api/v1/me", { cookies: answer.cookies })).status).toBe(200);
    });

    it("count from no other page: neither to log in, to refresh, nor to change something", async () => {
      await addUser(server.identity, "ruth");
      const { cookies } = await browserLogin();
      const foreign = [
        { origin: "https://evil.example" },
        { origin: "null" },
        { origin: server.url, "sec-fetch-site": "same-site" },
        { origin: server.url, "sec-fetch-site": "cross-site" },
        {},
      ];
      const calls = [
        ["POST", "/api/v1/auth/login", { login: "ruth", password: PASSWORD, cookies: true }],
        ["POST", "/api/v1/auth/refresh", {}],
        ["POST", "/api/v1/auth/logout", {}],
        ["PATCH", "/api/v1/me", { name: "Eve" }],
      ] as const;
      for (const headers of foreign)
        for (const [method, path, body] of calls) {
          const { status, body: told } = await server.call(path, { method, body, cookies, headers });
          expect([path, status]).toEqual([path, 403]);
          expect(told).toMatchObject({ code: expect.stringMatching(/^gateway\/(?:cross-site|foreign-origin)$/u) });
        }
      const renamed = await server.call("/api/v1/me", {
        method: "PATCH",
        body: { name: "Ruth" },
        cookies,
        headers: fromPage(),
      });
      expect(renamed).toMatchObject({ status: 200, body: { name: "Ruth" } });
    });

    it("are new with each login, and the session before ends: nobody goes on in one that was planted", async () => {
      await addUser(server.identity, "ruth");
      const planted = new Map([
        [SESSION_COOKIE, "chosen"],
        [REFRESH_COOKIE, "chosen"],
      ]);
      const first = await browserLogin(planted);
      expect(first.cookies.get(SESSION_COOKIE)).not.toBe("chosen");
      const second = await browserLogin(first.cookies);
      expect(second.cookies.get(SESSION_COOKIE)).not.toBe(first.cookies.get(SESSION_COOKIE));
      expect((await server.call("/api/v1/me", { cookies: first.cookies })).status).toBe(403);
      expect((await server.call("/api/v1/me", { cookies: second.cookies })).status).toBe(200);
    });

    it("are refreshed, and taken away once they count no more", async () => {
      await addUser(server.identity, "ruth");
      const { cookies } = await browserLogin();
      const refresh = async (with_: ReadonlyMap<string, string>): Promise<Answered> =>
        await server.call("/api/v1/auth/refresh", { body: {}, cookies: with_, headers: fromPage() });
      const next = await refresh(cookies);
      expect(next.cookies.get(REFRESH_COOKIE)).not.toBe(cookies.get(REFRESH_COOKIE));
      const lost = await refresh(cookies);
      expect([lost.status, lost.cookies.get(REFRESH_COOKIE)]).toEqual([200, expect.stringMatching(/./u)]);
      server.clock.now += 10_000;
      const again = await refresh(cookies);
      expect(again).toMatchObject(problem(401, "identity/session-ended"));
      expect([...again.cookies]).toEqual([
        [SESSION_COOKIE, ""],
        [REFRESH_COOKIE, ""],
        ["__Host-parley_login", ""],
      ]);
    });

    it("are taken away by the logout", async () => {
      await addUser(server.identity, "ruth");
      const { cookies } = await browserLogin();
      const out = await server.call("/api/v1/auth/logout", { body: {}, cookies, headers: fromPage() });
      expect([out.status, ...out.cookies.values()]).toEqual([204, "", "", ""]);
      expect((await server.call("/api/v1/me", { cookies })).status).toBe(403);
    });
  });

  describe("a second factor", () => {
    const Challenge = z.object({ challenge: z.string(), methods: z.array(z.string()) });
    const Codes = z.object({ recoveryCodes: z.array(z.string()) });

    /** Sets an app up as its user does. */
    async function addApp(bearer: string) {
      const begun = await server.call("/api/v1/me/totp", { bearer, body: { password: PASSWORD } });
      const app = URI.parse(z.object({ uri: z.string() }).parse(begun.body).uri);
      if (!(app instanceof TOTP)) throw new Error("The address is of no authenticator app");
      const show = (): string => app.generate({ timestamp: server.clock.now });
      const confirmed = await server.call("/api/v1/me/totp/confirm", { bearer, body: { code: show() } });
      server.clock.now += MINUTE;
      return { show, recovery: Codes.parse(confirmed.body).recoveryCodes };
    }
    const second = async (body: object): Promise<Answered> =>
      await server.call("/api/v1/auth/login/second-factor", { body });

    it("is set up, asked for, and answered once", async () => {
      await addUser(server.identity, "ruth");
      const { accessToken } = await tokens();
      const { show, recovery } = await addApp(accessToken);
      expect((await server.call("/api/v1/me/factors", { bearer: accessToken })).body).toEqual({
        totp: true,
        recoveryCodesLeft: 10,
        passkeys: [],
      });
      const asked = await login();
      expect(asked.cookies.size).toBe(0);
      const { challenge, methods } = Challenge.parse(asked.body);
      expect(methods).toEqual(["totp", "recovery-code"]);
      expect(await second({ challenge, method: "totp", code: "000000" })).toMatchObject(
        problem(401, "identity/login-refused"),
      );
      const answer = { challenge, method: "totp", code: show() };
      expect(Tokens.safeParse((await second(answer)).body).success).toBe(true);
      expect((await second(answer)).status).toBe(401);
      const again = Challenge.parse((await login()).body).challenge;
      expect((await second({ challenge: again, method: "recovery-code", code: recovery[0] })).status).toBe(200);
    });

    it("is changed only by whoever knows the password: a stolen token is not enough", async () => {
      await addUser(server.identity, "ruth");
      const { accessToken: bearer } = await tokens();
      for (const body of [{}, { password: "wrong" }])
        expect(await server.call("/api/v1/me/totp", { bearer, body })).toMatchObject(
          problem(401, "identity/login-refused"),
        );
      await addApp(bearer);
      for (const path of ["totp/remove", "recovery-codes", "passkeys/options", "passkeys/x/remove"])
        expect(await server.call(`/api/v1/me/${path}`, { bearer, body: { password: "wrong" } })).toMatchObject({
          body: { code: expect.stringMatching(/^identity\/(?:login-refused|locked)$/u) },
        });
      expect((await server.call("/api/v1/me/factors", { bearer })).body).toMatchObject({ totp: true });
    });

    it("by a passkey logs in by itself", async () => {
      const id = await addUser(server.identity, "ruth");
      const { accessToken: bearer } = await tokens();
      const device = passkeyDevice(SITE.domain, SITE.origins[0] ?? "");
      const Options = z.looseObject({ challenge: z.string() });
      const begun = await server.call("/api/v1/me/passkeys/options", { bearer, body: { password: PASSWORD } });
      const answer = device.register(Options.parse(begun.body).challenge);
      expect((await server.call("/api/v1/me/passkeys", { bearer, body: { name: "Phone", answer } })).status).toBe(204);
      const asked = await server.call("/api/v1/auth/login/passkey/options", { body: {} });
      const given = { answer: device.login(Options.parse(asked.body).challenge) };
      expect(await server.call("/api/v1/auth/login/passkey", { body: given })).toMatchObject({
        status: 200,
        body: { userId: id },
      });
      expect(await server.call("/api/v1/auth/login/passkey", { body: given })).toMatchObject(
        problem(401, "identity/passkey-refused"),
      );
    });
  });

  describe("the first owner", () => {
    const claim = async (secret: string, of: string): Promise<Answered> =>
      await server.call("/api/v1/auth/first-owner", { body: { secret, login: of, password: PASSWORD } });

    it("is whoever opens the link first; then nobody at the machine is more than a guest", async () => {
      expect((await server.call("/api/v1/alerts")).status).toBe(200);
      const link = await server.identity.accounts.firstOwnerLink();
      const claims = await Promise.all(["a", "b"].map(async (of) => await claim(link?.secret ?? "", of)));
      expect(claims.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([201, 410]);
      expect(await server.call("/api/v1/alerts")).toMatchObject(problem(403, "gateway/forbidden"));
    });

    it("is nobody by another link, or with more than is asked for", async () => {
      const link = await server.identity.accounts.firstOwnerLink();
      expect(await claim("made-up", "eve")).toMatchObject(problem(410, "identity/link"));
      const body = { secret: link?.secret, login: "eve", password: PASSWORD, roles: [{ role: "owner" }] };
      expect((await server.call("/api/v1/auth/first-owner", { body })).status).toBe(400);
    });
  });
});
