/** Logging in at another provider: a real one over HTTP, and one that lies. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testEngines } from "../../../test/support/engines.ts";
import { type Answered, type IdentityServer, identityServer } from "../../../test/support/identity-server.ts";
import { openIdBrowser, RUTH } from "../../../test/support/openid-browser.ts";
import { CLIENT_ID, CLIENT_SECRET, type OpenIdServer, openIdServer } from "../../../test/support/openid-provider.ts";
import { addUser } from "../../../test/support/test-identity.ts";
import type { OpenIdProvider } from "../open-id-provider.ts";
import { SESSION_COOKIE } from "../identities.ts";
import { openIdCookie } from "./cookies.ts";

const problem = (status: number, code: string) => ({ status, body: expect.objectContaining({ code, status }) });

describe.each(testEngines())("OpenID Connect on $name", ({ place }) => {
  let folder: string;
  let provider: OpenIdServer;
  let server: IdentityServer;
  const start = async (more: Partial<OpenIdProvider> = {}): Promise<IdentityServer> =>
    await identityServer(await place(folder), folder, {
      provider: { issuer: provider.issuer, clientId: CLIENT_ID, clientSecret: () => CLIENT_SECRET, ...more },
    });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "parley-openid-"));
    provider = await openIdServer();
    provider.person = RUTH;
    server = await start();
  });
  afterEach(async () => {
    await server.close();
    await provider.close();
    await rm(folder, { recursive: true, force: true });
  });

  const { begin, atProvider, back, logIn } = openIdBrowser(() => server);
  const locationOf = ({ headers }: Answered): URL => new URL(String(headers["location"]), server.url);

  it("logs in the user whom an admin made under the address that the provider confirmed", async () => {
    const id = await addUser(server.identity, "ruth@example.org", "moderator");
    const begun = await begin("?returnTo=/desk");
    const [[cookie] = []] = begun.cookies;
    const done = await back(await atProvider(begun), begun.cookies);
    expect([done.status, done.headers["location"], done.cookies.get(cookie ?? "")]).toEqual([303, "/desk", ""]);
    expect(await server.call("/api/v1/me", { cookies: done.cookies })).toMatchObject({
      status: 200,
      body: { id, roles: [{ bot: "*", role: "moderator" }] },
    });
  });

  it("knows an account again by its subject, whatever its address is now", async () => {
    const id = await addUser(server.identity, "ruth@example.org");
    await logIn();
    provider.person = { sub: RUTH.sub, email: "boss@example.org", email_verified: true };
    await addUser(server.identity, "boss@example.org", "owner");
    const { cookies } = await logIn();
    expect(await server.call("/api/v1/me", { cookies })).toMatchObject({ body: { id } });
  });

  it("lets nobody in: unknown, unconfirmed, with the address of a former account, locked out", async () => {
    expect(await logIn()).toMatchObject(problem(403, "identity/openid-no-user"));
    const id = await addUser(server.identity, "ruth@example.org");
    for (const change of [{ email_verified: false }, { email: "" }]) {
      provider.person = { ...RUTH, ...change };
      expect(await logIn()).toMatchObject(problem(403, "identity/openid-unconfirmed"));
    }
    provider.person = RUTH;
    expect((await logIn()).status).toBe(303);
    provider.person = { ...RUTH, sub: "sub-of-another" };
    expect(await logIn()).toMatchObject(problem(403, "identity/openid-no-user"));
    provider.person = RUTH;
    await server.identity.accounts.disable(id);
    const refused = await logIn();
    expect(refused).toMatchObject(problem(401, "identity/login-refused"));
    expect(refused.cookies.size).toBe(0);
  });

  it("makes customers of new people where the configuration says so, one of two logins at once", async () => {
    await server.close();
    server = await start({ newUsers: "customer" });
    const [one, other] = await Promise.all([logIn(), logIn()]);
    expect([one.status, other.status]).toEqual([303, 303]);
    const users = await server.identity.accounts.list({ limit: 10 });
    expect(users.map(({ login }) => login)).toEqual(["ruth@example.org"]);
    expect(await server.call("/api/v1/me", { cookies: one.cookies })).toMatchObject({
      body: { roles: [{ bot: "*", role: "customer" }] },
    });
  });

  it("takes an answer once, in the browser that began, and only as it was sent", async () => {
    await addUser(server.identity, "ruth@example.org");
    const refused = problem(401, "identity/openid-refused");
    // Somebody else's answer, planted in this browser (login CSRF), or stolen from it.
    const [mine, theirs] = [await begin(), await begin()];
    const answer = await atProvider(theirs);
    expect(await back(answer, mine.cookies)).toMatchObject(refused);
    expect(await back(answer, new Map())).toMatchObject(refused);
    const named = openIdCookie(answer.searchParams.get("state") ?? "");
    expect(await back(answer, new Map([[named, "made-up"]]))).toMatchObject(refused);
    expect(await back(answer, new Map([[named, [...mine.cookies.values()].join("")]]))).toMatchObject(refused);
    expect((await back(answer, theirs.cookies)).status).toBe(303);
    expect(await back(answer, theirs.cookies)).toMatchObject(refused);
    expect((await back(await atProvider(mine), mine.cookies)).status).toBe(303);
    const third = await begin();
    const changed = await atProvider(third);
    changed.searchParams.set("state", "another");
    expect(await back(changed, third.cookies)).toMatchObject(refused);
    const late = await begin();
    const answered = await atProvider(late);
    server.clock.now += 11 * 60_000;
    expect(await back(answered, late.cookies)).toMatchObject(refused);
  });

  it("goes on in each of two tabs, whichever comes back first, and whatever else comes back before", async () => {
    const id = await addUser(server.identity, "ruth@example.org");
    const [one, other] = [await begin("?returnTo=/one"), await begin("?returnTo=/other")];
    const browser = new Map([...one.cookies, ...other.cookies]);
    const answers = [await atProvider(one), await atProvider(other)] as const;
    for (const state of ["", "another", (await atProvider(await begin())).searchParams.get("state") ?? ""]) {
      const wrong = new URL(answers[0]);
      wrong.searchParams.set("state", state);
      expect(await back(wrong, browser)).toMatchObject(problem(401, "identity/openid-refused"));
    }
    const second = await back(answers[1], browser);
    expect([second.status, second.headers["location"]]).toEqual([303, "/other"]);
    for (const [name, value] of second.cookies) browser.set(name, value);
    const first = await back(answers[0], browser);
    expect([first.status, first.headers["location"]]).toEqual([303, "/one"]);
    expect(await server.call("/api/v1/me", { cookies: first.cookies })).toMatchObject({ body: { id } });
  });

  it("forgets the oldest of ten logins that were begun and left, so that the cookies fit into a header", async () => {
    const browser = new Map<string, string>();
    const names: string[] = [];
    for (let count = 0; count < 12; count++) {
      const { cookies } = await begin("", browser);
      for (const [name, value] of cookies) {
        browser.delete(name);
        if (value === "") continue;
        browser.set(name, value);
        names.push(name);
      }
    }
    expect([...browser.keys()]).toEqual(names.slice(-10));
  });

  it.each([
    ["another nonce", { claims: { nonce: "another" } }],
    ["another audience", { claims: { aud: "another-client" } }],
    ["another issuer", { claims: { iss: "https://evil.example" } }],
    ["a token that is over", { claims: { exp: 1_000 } }],
    ["a forged signature", { isForging: true }],
  ])("is refused with %s", async (_what, lie) => {
    await addUser(server.identity, "ruth@example.org");
    Object.assign(provider, lie);
    const done = await logIn();
    expect(done).toMatchObject(problem(401, "identity/openid-refused"));
    expect(done.cookies.has(SESSION_COOKIE)).toBe(false);
  });

  it("says that the provider is away, and works once it is back", async () => {
    await addUser(server.identity, "ruth@example.org");
    provider.isDown = true;
    const away = await begin();
    expect(away).toMatchObject(problem(503, "identity/openid-unavailable"));
    expect(away.body).toMatchObject({ detail: expect.stringContaining("HTTP 503") });
    provider.isDown = false;
    expect((await logIn()).status).toBe(303);
  });

  it.each(["//evil.example", "/\\evil.example", "https://evil.example", "/%0d%0aset-cookie:x=1", "evil"])(
    "sends nobody to %s",
    async (returnTo) => {
      const begun = await begin(`?returnTo=${encodeURIComponent(returnTo)}`);
      if (begun.status === 302) {
        await addUser(server.identity, "ruth@example.org");
        const done = await back(await atProvider(begun), begun.cookies);
        expect(locationOf(done).origin).toBe(server.url);
        expect(done.cookies.has("x")).toBe(false);
      } else expect(begun).toMatchObject(problem(400, "gateway/invalid-request"));
    },
  );

  it("says where there is no provider", async () => {
    await server.close();
    server = await identityServer(await place(folder), folder);
    expect(await begin()).toMatchObject(problem(404, "identity/no-openid"));
  });
});
