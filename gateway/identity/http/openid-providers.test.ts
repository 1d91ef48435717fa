/** Logging in at providers that do as the standard lets them, each in its own way; and what of them is logged. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testEngines } from "../../../test/support/engines.ts";
import { type IdentityServer, identityServer } from "../../../test/support/identity-server.ts";
import { openIdBrowser, RUTH } from "../../../test/support/openid-browser.ts";
import { CLIENT_ID, CLIENT_SECRET, type OpenIdServer, openIdServer } from "../../../test/support/openid-provider.ts";
import { addUser } from "../../../test/support/test-identity.ts";
import { Problem } from "../../problem.ts";
import type { OpenIdProvider } from "../open-id-provider.ts";

const problem = (status: number, code: string) => ({ status, body: expect.objectContaining({ code, status }) });

describe.each(testEngines())("a login provider, on $name", ({ place }) => {
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

  describe("whose tokens name the subject alone", () => {
    beforeEach(() => {
      provider.isThin = true;
    });

    it("is asked for the address at its user info, until the account is linked", async () => {
      const id = await addUser(server.identity, "ruth@example.org");
      for (const location of ["/first", "/second"]) {
        const { cookies, headers } = await logIn(`?returnTo=${location}`);
        expect(headers).toMatchObject({ location });
        expect(await server.call("/api/v1/me", { cookies })).toMatchObject({ body: { id } });
        expect(provider.asked()).toBe(1);
      }
    });

    it("lets nobody in by the user info of another subject", async () => {
      await addUser(server.identity, "ruth@example.org");
      provider.userInfo = { sub: "sub-of-another" };
      expect(await logIn()).toMatchObject(problem(401, "identity/openid-refused"));
    });

    it("confirms no address by half an answer", async () => {
      await addUser(server.identity, "ruth@example.org");
      provider.claims = { email: RUTH.email };
      for (const [code, userInfo] of [
        ["identity/openid-no-user", { email: "another@example.org" }],
        ["identity/openid-unconfirmed", { email: undefined }],
        ["identity/openid-unconfirmed", { email_verified: undefined }],
      ] as const) {
        provider.userInfo = userInfo;
        expect(await logIn()).toMatchObject(problem(403, code));
      }
    });
  });

  it("is not asked for what the token says", async () => {
    await addUser(server.identity, "ruth@example.org");
    await logIn();
    provider.person = { ...RUTH, sub: "sub-2", email_verified: false };
    await logIn();
    expect(provider.asked()).toBe(0);
  });

  it.each([
    ["true as text", 303, { email_verified: "true" }],
    ["other text", 403, { email_verified: "yes" }],
    ["false as text", 403, { email_verified: "false" }],
    ["a figure", 403, { email_verified: 1 }],
    ["only the domain, as Entra ID does", 303, { email_verified: undefined, xms_edov: true }],
    ["only the domain, as figure", 303, { email_verified: undefined, xms_edov: "1" }],
    ["the domain and not the address", 403, { email_verified: false, xms_edov: true }],
    ["no more than that the domain is not", 403, { email_verified: undefined, xms_edov: false }],
  ])("an address counts as confirmed or not by %s", async (_what, status, claims) => {
    await addUser(server.identity, "ruth@example.org");
    provider.claims = claims;
    provider.userInfo = { email_verified: undefined };
    expect((await logIn()).status).toBe(status);
  });

  it("that confirms no address is told what to send", async () => {
    await addUser(server.identity, "ruth@example.org");
    provider.person = { sub: RUTH.sub, email: RUTH.email };
    const { body } = await logIn();
    expect(body).toMatchObject({
      detail: expect.stringContaining("with Entra ID the optional claims email and xms_edov"),
    });
  });

  it.each([
    ["client_secret_basic where it names both ways", ["client_secret_post", "client_secret_basic"]],
    ["client_secret_basic where it names none", undefined],
    ["client_secret_post where it takes that alone", ["private_key_jwt", "client_secret_post"]],
  ])("proves itself by %s", async (_what, methods) => {
    await addUser(server.identity, "ruth@example.org");
    provider.metadata = { token_endpoint_auth_methods_supported: methods };
    expect((await logIn()).status).toBe(303);
  });

  it("that has another name is told by it, and works once it is written so", async () => {
    const issuer = `${provider.issuer}/o/parley/`;
    provider.metadata = { issuer };
    provider.claims = { iss: issuer };
    await server.close();
    server = await start({ issuer: issuer.slice(0, -1) });
    const refused = await begin();
    expect(refused).toMatchObject(problem(503, "identity/openid-issuer"));
    expect(refused.body).toMatchObject({ detail: expect.stringContaining(`gateway.openId.issuer: "${issuer}"`) });
    await server.close();
    server = await start({ issuer });
    await addUser(server.identity, "ruth@example.org");
    expect((await logIn()).status).toBe(303);
  });

  it.each([
    [
      "no user",
      "identity/openid-no-user: There is no user here for your account: nobody has its mail address",
      undefined,
      {},
    ],
    [
      "another nonce",
      "identity/openid-refused",
      "unexpected JWT claim value encountered",
      { claims: { nonce: "other" } },
    ],
    ["a forged signature", "identity/openid-refused", "JWT signature verification failed", { isForging: true }],
    ["user info of another", "identity/openid-refused", "sub", { isThin: true, userInfo: { sub: "sub-of-another" } }],
  ])("logs why a login was refused, without a word of the person: %s", async (_what, error, reason, lie) => {
    Object.assign(provider, lie);
    const { body } = await logIn();
    expect(server.warnings).toEqual([
      {
        message: "a login by the provider was refused",
        correlationId: Problem.parse(body).correlationId,
        error: expect.stringContaining(error),
        reason: reason === undefined ? undefined : expect.stringContaining(reason),
      },
    ]);
    expect(JSON.stringify(server.warnings)).not.toMatch(/ruth|sub-|other"|example|eyJ/iu);
  });

  it("logs what the provider answered: that somebody said no, that the secret is wrong", async () => {
    const begun = await begin();
    const no = await atProvider(begun);
    no.searchParams.delete("code");
    no.searchParams.set("error", "access_denied");
    no.searchParams.set("error_description", "Ruth said no");
    await back(no, begun.cookies);
    await server.close();
    const [denied] = server.warnings;
    server = await start({ clientSecret: () => "wrong" });
    await logIn();
    expect([denied, ...server.warnings]).toMatchObject([
      { reason: "authorization response from the server is an error, access_denied" },
      { reason: expect.stringMatching(/invalid_client, HTTP 401/u) },
    ]);
    expect(JSON.stringify([denied, ...server.warnings])).not.toMatch(/ruth|wrong/iu);
  });
});
