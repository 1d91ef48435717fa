/** Tokens that were stolen, edited or made up, and secrets that are guessed, over HTTP. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SignJWT, UnsecuredJWT } from "jose";
import { TOTP, URI } from "otpauth";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { SocketRoute } from "../../core/http.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import { sqliteDatabases } from "../../core/store/databases.ts";
import { openGatewayState } from "../../gateway/state/index.ts";
import { type Answered, identityServer, type IdentityServer, type Sent, Tokens } from "../support/identity-server.ts";
import { addUser, PASSWORD } from "../support/test-identity.ts";
import { placeAt } from "../support/test-place.ts";
import { openSocket } from "../support/web-socket.ts";

const MINUTE = 60_000;
const OTHER_PASSWORD = "seven quiet herons above";

const live: SocketRoute = {
  path: "/api/v1/chat/stream",
  summary: "Live",
  permission: "tickets:create",
  open: (socket, { caller }) => socket.send(JSON.stringify({ type: "hello", userId: caller.userId })),
};

let folder: string;
let server: IdentityServer;
let closeState: () => Promise<void>;
let hosts = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-stolen-"));
  const clock = (): number => server.clock.now;
  const { log } = silentTelemetry;
  const state = await openGatewayState(sqliteDatabases(folder), { clock, newId: () => crypto.randomUUID(), log });
  closeState = state.close;
  server = await identityServer(placeAt(folder), folder, { gateway: { trustedProxies: 1, state, sockets: [live] } });
});
afterEach(async () => {
  await server.close();
  await closeState();
  await rm(folder, { recursive: true, force: true });
});

/** From another network each time, as a thief with many machines calls; behind the proxy that ends TLS. */
async function call(path: string, sent: Sent = {}, from?: string): Promise<Answered> {
  hosts += 1;
  const address = from ?? `2001:db8:${hosts.toString(16)}::1`;
  const headers = { "x-forwarded-for": address, "x-forwarded-proto": "https", ...sent.headers };
  return await server.call(path, { ...sent, headers });
}
const login = async (of: string, password = PASSWORD, from?: string): Promise<Answered> =>
  await call("/api/v1/auth/login", { body: { login: of, password } }, from);
const tokens = async (of: string) => Tokens.parse((await login(of)).body);
const me = async (bearer: string): Promise<number> => (await call("/api/v1/me", { bearer })).status;
const refresh = async (refreshToken: string): Promise<Answered> =>
  await call("/api/v1/auth/refresh", { body: { refreshToken } });

describe("a stolen token", () => {
  type Session = z.infer<typeof Tokens>;
  const ends: readonly (readonly [string, (session: Session, boss: string) => Promise<unknown>])[] = [
    ["a logout", async ({ accessToken }) => await call("/api/v1/auth/logout", { bearer: accessToken, body: {} })],
    [
      "a logout everywhere",
      async ({ accessToken }) => await call("/api/v1/auth/logout-everywhere", { bearer: accessToken, body: {} }),
    ],
    [
      "the end of the session from another one",
      async ({ sessionId }) =>
        await call(`/api/v1/me/sessions/${sessionId}`, {
          method: "DELETE",
          bearer: (await tokens("ruth")).accessToken,
        }),
    ],
    [
      "another password",
      async ({ accessToken }) =>
        await call("/api/v1/me/password", {
          method: "PUT",
          bearer: accessToken,
          body: { current: PASSWORD, next: OTHER_PASSWORD },
        }),
    ],
    [
      "a sign-out by an admin",
      async ({ userId }, bearer) => await call(`/api/v1/users/${userId}/sign-out`, { bearer, body: {} }),
    ],
    ["a lock-out", async ({ userId }, bearer) => await call(`/api/v1/users/${userId}/disable`, { bearer, body: {} })],
    [
      "a lock-out that was lifted",
      async ({ userId }, bearer) => {
        for (const action of ["disable", "enable"])
          await call(`/api/v1/users/${userId}/${action}`, { bearer, body: {} });
      },
    ],
    [
      "a password by a link",
      async ({ userId }, bearer) => {
        const link = await call(`/api/v1/users/${userId}/password-link`, { bearer, body: {} });
        const { secret } = z.object({ secret: z.string() }).parse(link.body);
        await call("/api/v1/auth/password", { body: { secret, password: OTHER_PASSWORD } });
      },
    ],
    [
      "the end of the user",
      async ({ userId }, bearer) => await call(`/api/v1/users/${userId}`, { method: "DELETE", bearer }),
    ],
    [
      "a refresh token that came twice",
      async ({ refreshToken }) => {
        await refresh(refreshToken);
        server.clock.now += 10_000;
        await refresh(refreshToken);
      },
    ],
    [
      "a quarter of an hour, and seven days for the refresh token",
      async () => (server.clock.now += 7 * 1_440 * MINUTE),
    ],
  ];

  it.each(ends)("counts no more after %s", async (_what, end) => {
    await addUser(server.identity, "boss", "owner");
    await addUser(server.identity, "ruth");
    const [session, boss] = [await tokens("ruth"), await tokens("boss")];
    expect(await me(session.accessToken)).toBe(200);
    await end(session, boss.accessToken);
    expect(await me(session.accessToken)).toBe(401);
    expect((await refresh(session.refreshToken)).status).toBe(401);
  });

  it("has no right that its user lost since", async () => {
    await addUser(server.identity, "boss", "owner");
    const id = await addUser(server.identity, "adam", "admin");
    const [{ accessToken }, boss] = [await tokens("adam"), await tokens("boss")];
    expect((await call("/api/v1/users", { bearer: accessToken })).status).toBe(200);
    await call(`/api/v1/users/${id}/roles?role=admin`, { method: "DELETE", bearer: boss.accessToken });
    expect((await call("/api/v1/users", { bearer: accessToken })).status).toBe(403);
  });

  it("counts in no address", async () => {
    await addUser(server.identity, "boss", "owner");
    const { accessToken } = await tokens("boss");
    for (const name of ["access_token", "token", "authorization", "ticket", "api_key"])
      expect((await call(`/api/v1/users?${name}=${accessToken}`)).status).toBeGreaterThan(399);
  });
});

describe("a token that is edited or made up", () => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

  it("is nobody's", async () => {
    const boss = await addUser(server.identity, "boss", "owner");
    await addUser(server.identity, "ruth");
    const { accessToken, sessionId } = await tokens("ruth");
    const [head = "", body = "", signature = ""] = accessToken.split(".");
    const header = z.record(z.string(), z.unknown()).parse(JSON.parse(Buffer.from(head, "base64url").toString()));
    const claims = z.record(z.string(), z.unknown()).parse(JSON.parse(Buffer.from(body, "base64url").toString()));
    const signed = async (secret: string | Uint8Array, more: object = {}, change: object = {}) =>
      await new SignJWT({ ...claims, sub: boss, ...change })
        .setProtectedHeader({ alg: "HS256", typ: "at+jwt", kid: String(header["kid"]), ...more })
        .sign(typeof secret === "string" ? Buffer.from(secret.padEnd(32, "\0")) : secret);
    const forged = [
      `${head}.${part({ ...claims, sub: boss })}.${signature}`,
      `${head}.${part({ ...claims, exp: 9_999_999_999 })}.${signature}`,
      `${head}.${part({ ...claims, iss: "https://evil.example" })}.${signature}`,
      `${part({ ...header, alg: "none" })}.${part({ ...claims, sub: boss })}.`,
      `${part({ ...header, alg: "NONE" })}.${body}.${signature}`,
      `${part({ ...header, alg: "RS256" })}.${body}.${signature}`,
      `${part({ ...header, kid: "../../../../dev/null" })}.${body}.${signature}`,
      `${part({ ...header, kid: "' or 1=1 --" })}.${body}.${signature}`,
      `${part({ ...header, b64: false, crit: ["b64"] })}.${body}.${signature}`,
      new UnsecuredJWT({ ...claims, sub: boss }).encode(),
      await signed(""),
      await signed("secret"),
      await signed(sessionId),
      await signed(accessToken.slice(0, 32), { jku: "https://evil.example/keys" }),
      await signed("key", { jwk: { kty: "oct", k: Buffer.from("key".padEnd(32, "\0")).toString("base64url") } }),
      await signed("key", { x5u: "https://evil.example/cert" }, { sid: "*" }),
      `${head}.${body}.`,
      `${head}.${body}`,
      `${accessToken}.${signature}`,
    ];
    for (const token of forged) expect([token, await me(token)]).toEqual([token, 401]);
    expect(await me(accessToken)).toBe(200);
  });

  it("is no key: neither by its id, nor by part of its secret, nor once it or its user ended", async () => {
    await addUser(server.identity, "boss", "owner");
    const id = await addUser(server.identity, "ruth", "analyst");
    const { accessToken: boss } = await tokens("boss");
    const body = { userId: id, name: "crm", scopes: ["metrics:read"], password: PASSWORD };
    const made = z
      .object({ id: z.string(), secret: z.string() })
      .parse((await call("/api/v1/keys", { bearer: boss, body })).body);
    const status = async (bearer: string): Promise<number> => (await call("/metrics", { bearer })).status;
    expect(await status(made.secret)).toBe(200);
    const guesses = [
      made.id,
      made.secret.slice(0, -1),
      `${made.secret}A`,
      made.secret.toUpperCase(),
      made.secret.replace(made.id, `${made.id}%`),
      `parley_${made.id}_${"A".repeat(43)}`,
      `parley_${made.id}_`,
      "parley_%_%",
    ];
    for (const guess of guesses) expect([guess, await status(guess)]).toEqual([guess, 401]);
    await call(`/api/v1/users/${id}/disable`, { bearer: boss, body: {} });
    expect(await status(made.secret)).toBe(401);
    await call(`/api/v1/users/${id}/enable`, { bearer: boss, body: {} });
    expect(await status(made.secret)).toBe(401);
    await call(`/api/v1/keys/${made.id}`, { method: "DELETE", bearer: boss });
    expect(await status(made.secret)).toBe(401);
  });
});

describe("guessing", () => {
  /** How many guesses were checked before none was any more. */
  async function checked(guess: (turn: number) => Promise<Answered>, most: number): Promise<number> {
    let count = 0;
    for (let turn = 0; turn < most; turn += 1) {
      const { status } = await guess(turn);
      if (status === 429) return count;
      expect(status).toBe(401);
      count += 1;
    }
    return count;
  }

  it("a login's password from one network ends after five, and the right one waits too", async () => {
    await addUser(server.identity, "ruth");
    const from = (turn: number): string => `198.51.100.${(turn % 250) + 1}`;
    expect(await checked(async (turn) => await login("ruth", `wrong ${turn}`, from(turn)), 20)).toBe(5);
    expect((await login("ruth", PASSWORD, from(77))).status).toBe(429);
  });

  it("is counted by the address that the proxy saw, whatever the caller writes before it", async () => {
    await addUser(server.identity, "ruth");
    const guess = async (turn: number) => await login("ruth", "wrong", `203.0.113.${turn}, 192.0.2.1, 198.51.100.9`);
    expect(await checked(guess, 20)).toBe(5);
  });

  it("a login's password from many networks ends after fifty", { timeout: 300_000 }, async () => {
    await addUser(server.identity, "ruth");
    expect(await checked(async (turn) => await login("ruth", `wrong ${turn}`), 60)).toBe(50);
  });

  /** An app that is asked for at each login. */
  async function withApp() {
    await addUser(server.identity, "ruth");
    const { accessToken: bearer } = await tokens("ruth");
    const begun = await call("/api/v1/me/totp", { bearer, body: { password: PASSWORD } });
    const app = URI.parse(z.object({ uri: z.string() }).parse(begun.body).uri);
    if (!(app instanceof TOTP)) throw new Error("The address is of no authenticator app");
    const shown = (): string => app.generate({ timestamp: server.clock.now });
    await call("/api/v1/me/totp/confirm", { bearer, body: { code: shown() } });
    server.clock.now += MINUTE;
    return { shown, bearer };
  }
  const challenge = async (): Promise<string> =>
    z.looseObject({ challenge: z.string() }).parse((await login("ruth")).body).challenge;

  it.each(["totp", "recovery-code"] as const)(
    "a %s ends after five, however often the login begins anew",
    async (method) => {
      const { shown } = await withApp();
      const guess = async (turn: number): Promise<Answered> => {
        const code = method === "totp" ? String(100_000 + turn) : `ABCD-EFGH-JKMN-PQRS-TUVW-XYZ${turn % 10}`;
        return await call("/api/v1/auth/login/second-factor", { body: { challenge: await challenge(), method, code } });
      };
      expect(await checked(guess, 12)).toBe(5);
      const right = { challenge: await challenge(), method: "totp", code: shown() };
      expect((await call("/api/v1/auth/login/second-factor", { body: right })).status).toBe(429);
    },
  );

  it("the current password within a stolen session ends after five", async () => {
    const { bearer } = await withApp();
    const guess = async (turn: number): Promise<Answered> =>
      await call("/api/v1/me/totp/remove", { bearer, body: { password: `wrong ${turn}` } });
    expect(await checked(guess, 12)).toBe(5);
  });

  it("one-use links goes no further than thirty a minute from an address; used and replaced ones are none", async () => {
    const id = await addUser(server.identity, "ruth");
    const open = async (secret: string, from?: string): Promise<number> =>
      (await call("/api/v1/auth/password", { body: { secret, password: OTHER_PASSWORD } }, from)).status;
    const [first, second] = [
      await server.identity.accounts.passwordLink(id),
      await server.identity.accounts.passwordLink(id),
    ];
    expect([await open(first.secret), await open(second.secret), await open(second.secret)]).toEqual([410, 200, 410]);
    const statuses = new Map<number, number>();
    for (let turn = 0; turn < 40; turn += 1) {
      const status = await open(`guess-${turn}`, "192.0.2.44");
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect([...statuses]).toEqual([
      [410, 30],
      [429, 10],
    ]);
  });
});

describe("a ticket", () => {
  const ticket = async (bearer: string): Promise<string> => {
    const made = await call("/api/v1/tickets", { bearer, body: { path: live.path } });
    return z.object({ ticket: z.string() }).parse(made.body).ticket;
  };
  const opens = async (of: string): Promise<boolean> => {
    try {
      (await openSocket(server.url, { ticket: of })).close();
      return true;
    } catch {
      return false;
    }
  };

  it("opens no socket a second time, when it is old, made up, or of a session that ended", async () => {
    await addUser(server.identity, "ruth");
    const { accessToken } = await tokens("ruth");
    const used = await ticket(accessToken);
    expect([await opens(used), await opens(used)]).toEqual([true, false]);
    const old = await ticket(accessToken);
    server.clock.now += 31_000;
    expect([await opens(old), await opens("made-up")]).toEqual([false, false]);
    const orphaned = await ticket(accessToken);
    await call("/api/v1/auth/logout", { bearer: accessToken, body: {} });
    expect(await opens(orphaned)).toBe(false);
  });
});
