/** Codes that are sent as a second factor, over HTTP. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { type IdentityServer, identityServer, Tokens } from "../../../test/support/identity-server.ts";
import { addUser, PASSWORD } from "../../../test/support/test-identity.ts";
import { placeAt } from "../../../test/support/test-place.ts";

const Challenge = z.object({ challenge: z.string(), methods: z.array(z.string()), handle: z.string() });
const contact = { kind: "mail", address: "ruth@example.org" };

let folder: string;
let server: IdentityServer;
let bearer: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-contact-"));
  server = await identityServer(placeAt(folder), folder);
  await addUser(server.identity, "ruth");
  bearer = Tokens.parse((await login()).body).accessToken;
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const login = async () => await server.call("/api/v1/auth/login", { body: { login: "ruth", password: PASSWORD } });
const post = async (path: string, body: object) => await server.call(`/api/v1/me/contact${path}`, { bearer, body });
const lastCode = (): string => server.sent.at(-1)?.code ?? "";

it("are asked for once the contact is confirmed, until it is removed", async () => {
  const { handle } = z.object({ handle: z.string() }).parse((await post("", { password: PASSWORD, contact })).body);
  expect(await post("/confirm", { handle, code: "000000x" })).toMatchObject({ status: 401 });
  expect((await login()).body).toMatchObject({ kind: "session" });
  expect(await post("/confirm", { handle, code: lastCode() })).toMatchObject({ status: 204 });
  expect((await server.call("/api/v1/me/factors", { bearer })).body).toMatchObject({ contact });
  const asked = Challenge.parse((await login()).body);
  expect(asked.methods).toEqual(["code"]);
  const { challenge } = asked;
  const second = { challenge, method: "code", handle: asked.handle, code: lastCode() };
  expect((await server.call("/api/v1/auth/login/second-factor", { body: second })).body).toMatchObject({
    kind: "session",
  });
  expect(await post("/remove", { password: PASSWORD })).toMatchObject({ status: 204 });
  expect((await login()).body).toMatchObject({ kind: "session" });
});

it("are of who knows the password, and go to one proper address", async () => {
  expect(await post("", { password: "wrong", contact })).toMatchObject({ status: 401 });
  for (const [kind, address] of [
    ["mail", "ruth@example.org, eve@example.org"],
    ["mail", "ruth@example.org\r\nBcc: eve@example.org"],
    ["sms", "ruth@example.org"],
    ["sms", "079 000 00 00"],
    ["fax", "+41790000000"],
  ])
    expect(await post("", { password: PASSWORD, contact: { kind, address } })).toMatchObject({ status: 400 });
  expect(server.sent).toEqual([]);
});
