/** Callers that prove nothing, and those whose proof has ended, once there is an owner. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type IdentityServer, identityServer, Tokens } from "../../test/support/identity-server.ts";
import { addUser, PASSWORD } from "../../test/support/test-identity.ts";
import { placeAt } from "../../test/support/test-place.ts";
import { quietGateway } from "../../test/support/web-chat.ts";
import { createGateway } from "../gateway.ts";
import { REFRESH_COOKIE, SESSION_COOKIE } from "../identity/identities.ts";
import type { HttpRoute } from "../../core/http.ts";
import { requireOwnPage } from "./same-origin.ts";

const chat: HttpRoute = {
  method: "GET",
  path: "/api/v1/tools-for-all",
  summary: "What guests may",
  permission: "documents:read",
  bot: "harbour",
  handle: async () => new Response(null, { status: 204 }),
};

let folder: string;
let server: IdentityServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-guests-"));
  server = await identityServer(placeAt(folder), folder, { gateway: { routes: [chat] } });
  await addUser(server.identity, "root", "owner");
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

describe("a cookie that counts no more", () => {
  it("is told as such, not as a want of rights", async () => {
    const cookies = new Map([[SESSION_COOKIE, await endedSession()]]);
    const told = { status: 401, body: { code: "gateway/unauthorized" } };
    expect(await server.call("/metrics", { cookies })).toMatchObject(told);
    expect(await server.call("/api/v1/me", { cookies })).toMatchObject(told);
    expect((await server.call("/metrics")).status).toBe(403);
  });

  it("is told as such too when its time is over and the browser has the other one only", async () => {
    const cookies = new Map([[REFRESH_COOKIE, "of-this-login"]]);
    const told = { status: 401, body: { code: "gateway/unauthorized" } };
    expect(await server.call("/api/v1/me", { cookies })).toMatchObject(told);
    expect((await server.call(chat.path, { cookies })).status).toBe(204);
  });

  it("leaves its browser what guests may", async () => {
    const cookies = new Map([[SESSION_COOKIE, await endedSession()]]);
    expect((await server.call(chat.path, { cookies })).status).toBe(204);
  });
});

describe("whoever logs in", () => {
  it("may no less than a guest, without a role and with one of another bot", async () => {
    const without = await server.identity.accounts.create({ login: "ruth", name: "", grants: [], by: "test" });
    await server.identity.accounts.setPasswordByLink(without.link.secret, PASSWORD);
    expect((await server.call(chat.path)).status).toBe(204);
    expect((await server.call(chat.path, { bearer: await tokenOf("ruth") })).status).toBe(204);
    const bearer = await tokenOf("ruth");
    expect((await server.call(`/api/v1/keys?userId=${without.account.id}`, { bearer })).status).toBe(200);
    await server.identity.accounts.grant(without.account.id, { bot: "other", role: "customer" }, "test");
    expect((await server.call(chat.path, { bearer: await tokenOf("ruth") })).status).toBe(204);
    expect((await server.call("/metrics", { bearer: await tokenOf("ruth") })).status).toBe(403);
  });
});

describe("metrics", () => {
  it("are for whoever has the right, once there is an owner", async () => {
    expect((await server.call("/metrics")).status).toBe(403);
    expect((await server.call("/metrics", { bearer: await tokenOf("root") })).status).toBe(200);
  });

  it("are for its scraper at the health port of a process without a gateway", async () => {
    const { identity } = server;
    const health = await createGateway({
      ...quietGateway,
      identities: identity.identities,
      trustedToken: () => "tru5ted",
      isHealthOnly: true,
    });
    expect((await fetch(`${health.url}/metrics`)).status).toBe(200);
    await health.close();
    const guarded = await createGateway({ ...quietGateway, accessToken: () => "acce55", isHealthOnly: true });
    expect((await fetch(`${guarded.url}/metrics`)).status).toBe(401);
    await guarded.close();
  });
});

describe("a page of this server", () => {
  const page = (origin: string, host: string, site?: string) => () => requireOwnPage({ origin, host, site });
  it.each([
    ["https://bot.example.com", "bot.example.com:443"],
    ["https://bot.example.com:443", "bot.example.com"],
    ["https://bot.example.com", "BOT.example.com"],
    ["http://127.0.0.1:8080", "127.0.0.1:8080"],
    ["http://bot.example.com", "bot.example.com:80"],
  ])("may be written %s of %s", (origin, host) => expect(page(origin, host)).not.toThrow());

  it.each([
    ["http://bot.example.com", "bot.example.com:443"],
    ["https://bot.example.com:8443", "bot.example.com"],
    ["https://bot.example.com.evil.example", "bot.example.com"],
    ["https://evil.example", "evil.example@bot.example.com"],
    ["null", "bot.example.com"],
    ["file://", ""],
  ])("is not %s of %s", (origin, host) => expect(page(origin, host)).toThrow());

  it("calls by a host that names the port of its scheme", async () => {
    const headers = { host: "127.0.0.1:443", origin: "https://127.0.0.1" };
    expect((await server.call(chat.path, { headers })).status).toBe(204);
  });
});

async function tokenOf(login: string): Promise<string> {
  return Tokens.parse((await server.call("/api/v1/auth/login", { body: { login, password: PASSWORD } })).body)
    .accessToken;
}

/** The access token of somebody who has logged out. */
async function endedSession(): Promise<string> {
  const bearer = await tokenOf("root");
  await server.call("/api/v1/auth/logout", { bearer, body: {} });
  return bearer;
}
