/** Calls about one bot or all of them, by somebody whose role is with some bots. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HttpRoute } from "../../core/http.ts";
import { type IdentityServer, identityServer } from "../../test/support/identity-server.ts";
import { logIn, PASSWORD } from "../../test/support/test-identity.ts";
import { placeAt } from "../../test/support/test-place.ts";
import { botAsked, OfBot } from "../services/parts.ts";
import type { RoleGrant } from "./roles.ts";

const sessions: HttpRoute = {
  method: "GET",
  path: "/api/v1/sessions",
  summary: "Which sessions there are",
  permission: "sessions:read",
  bot: botAsked,
  query: OfBot,
  handle: async ({ query }) => Response.json({ of: OfBot.parse(query).bot ?? "all bots" }),
};

let folder: string;
let server: IdentityServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-named-bot-"));
  server = await identityServer(placeAt(folder), folder, { gateway: { routes: [sessions] } });
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** Calls as somebody with these roles. */
async function callAs(path: string, ...grants: readonly RoleGrant[]) {
  const { identity } = server;
  const { link } = await identity.accounts.create({ login: "ruth", name: "", grants, by: "test" });
  await identity.accounts.setPasswordByLink(link.secret, PASSWORD);
  return await server.call(path, { bearer: (await logIn(identity, "ruth")).accessToken });
}
const moderator = (bot: string): RoleGrant => ({ role: "moderator", bot });

describe("a bot that is not named", () => {
  it("is the only one with which the caller has a role", async () => {
    expect(await callAs(sessions.path, moderator("harbour"))).toMatchObject({ status: 200, body: { of: "harbour" } });
  });

  it("is all of them for a role with all", async () => {
    expect(await callAs(sessions.path, moderator("*"))).toMatchObject({ status: 200, body: { of: "all bots" } });
  });

  it("is asked for where the caller has several, by their names", async () => {
    const asked = await callAs(sessions.path, moderator("harbour"), moderator("other"));
    expect(asked).toMatchObject({ status: 403, body: { code: "gateway/forbidden" } });
    expect(asked.body).toHaveProperty("detail", expect.stringContaining("?bot=harbour or ?bot=other"));
    expect(server.denials).toHaveLength(1);
  });
});

describe("a bot that is named", () => {
  it("is told in the refusal, where the caller has no role with it", async () => {
    const path = "/api/v1/of-harbour";
    expect((await callAs(path, { role: "admin", bot: "other" })).body).toMatchObject({
      detail: expect.stringContaining("needs the permission conversations:write for the bot harbour"),
    });
  });
});

describe("what belongs to no bot", () => {
  it("needs a role with all bots, and says so", async () => {
    const refused = await callAs("/api/v1/users", { role: "auditor", bot: "harbour" });
    expect(refused).toMatchObject({ status: 403, body: { code: "gateway/forbidden" } });
    expect(refused.body).toHaveProperty("detail", expect.stringContaining("users:read of a role with all bots"));
  });
});
