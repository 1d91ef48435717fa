import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hash as bcrypt } from "bcryptjs";
import { TOTP, URI } from "otpauth";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testEngines } from "../../test/support/engines.ts";
import { passkeyDevice } from "../../test/support/passkey-device.ts";
import {
  addUser,
  ELSEWHERE,
  HOME,
  logIn,
  PASSWORD,
  SITE,
  testIdentity,
  whoSends,
} from "../../test/support/test-identity.ts";
import type { Permission } from "../../core/permission.ts";
import { reachOf } from "../access/decide.ts";
import { EVERY_BOT } from "../access/roles.ts";

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const refused = { code: "identity/login-refused", status: 401 };

describe.each(testEngines())("identity on $name", ({ place }) => {
  let folder: string;
  let parts: Awaited<ReturnType<typeof testIdentity>>;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "parley-identity-"));
    parts = await testIdentity(await place(folder), folder);
  });
  afterEach(async () => {
    await parts.close();
    await rm(folder, { recursive: true, force: true });
  });

  const password = async (login: string, given: string, client = HOME) =>
    await parts.identity.logins.password({ login, password: given, client });

  /** An authenticator app of a user, confirmed. */
  async function addApp(userId: string) {
    const { totps } = parts.identity;
    const { uri } = await totps.enrol({ id: userId, login: "ruth" });
    const app = URI.parse(uri);
    if (!(app instanceof TOTP)) throw new Error("The address is of no authenticator app");
    const show = (): string => app.generate({ timestamp: parts.clock.now });
    const recovery = await totps.confirm(userId, show(), parts.clock.now);
    parts.clock.now += MINUTE;
    return { show, recovery };
  }

  async function challengeOf(login: string) {
    const outcome = await password(login, PASSWORD);
    if (outcome.kind !== "second-factor") throw new Error("No second factor was asked for");
    return outcome;
  }

  describe("first owner", () => {
    const owner = { login: "ruth@example.org", name: "Ruth", password: PASSWORD };

    it("is made by a link of one hour that works once", async () => {
      const { accounts } = parts.identity;
      const link = await accounts.firstOwnerLink();
      const claims = await Promise.allSettled(
        ["a", "b", "c"].map(async (login) => await accounts.claimFirstOwner(link?.secret ?? "", { ...owner, login })),
      );
      expect(claims.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      const [user, ...others] = await accounts.list({ limit: 10 });
      expect(others).toEqual([]);
      expect(await accounts.grants(user?.id ?? "")).toEqual([{ bot: EVERY_BOT, role: "owner" }]);
      expect(await accounts.firstOwnerLink()).toBeUndefined();
    });

    it("is not made by a link that is void, expired, of another kind, or made up", async () => {
      const { accounts } = parts.identity;
      const earlier = await accounts.firstOwnerLink();
      const link = await accounts.firstOwnerLink();
      const { link: other } = await accounts.create({ login: "x", name: "", grants: [], by: "test" });
      for (const secret of [earlier?.secret, other.secret, "made-up", ""])
        await expect(accounts.claimFirstOwner(secret ?? "", owner)).rejects.toMatchObject({ code: "identity/link" });
      parts.clock.now += 60 * MINUTE;
      await expect(accounts.claimFirstOwner(link?.secret ?? "", owner)).rejects.toMatchObject({
        code: "identity/link",
      });
    });

    it("may try again after a password that is not taken", async () => {
      const { accounts } = parts.identity;
      const link = await accounts.firstOwnerLink();
      const weak = accounts.claimFirstOwner(link?.secret ?? "", { ...owner, password: "short" });
      await expect(weak).rejects.toMatchObject({ code: "identity/weak-password" });
      expect(await accounts.claimFirstOwner(link?.secret ?? "", owner)).toMatchObject({ login: "ruth@example.org" });
    });
  });

  describe("passwords", () => {
    it("log in, however the login is written", async () => {
      const id = await addUser(parts.identity, "Ruth@Example.org");
      expect(await logIn(parts.identity, " RUTH@example.ORG ")).toMatchObject({ userId: id });
    });

    it("are refused alike: a wrong one, no user, no password yet, a locked-out user", async () => {
      const { accounts } = parts.identity;
      const id = await addUser(parts.identity, "ruth");
      await accounts.create({ login: "new", name: "", grants: [], by: "test" });
      await expect(password("ruth", "wrong")).rejects.toMatchObject(refused);
      await expect(password("nobody", PASSWORD)).rejects.toMatchObject(refused);
      await expect(password("not a login", PASSWORD)).rejects.toMatchObject(refused);
      await expect(password("new", "")).rejects.toMatchObject(refused);
      await accounts.disable(id);
      await expect(password("ruth", PASSWORD)).rejects.toMatchObject(refused);
    });

    it("of another system count, and are hashed anew at the first login", async () => {
      const { accounts } = parts.identity;
      const passwordHash = await bcrypt(PASSWORD, 4);
      const user = { login: "ruth", name: "", grants: [], by: "test" };
      await accounts.importUser({ ...user, passwordHash });
      await logIn(parts.identity, "ruth");
      const kept = await parts.store.users.byLogin("ruth");
      expect(kept?.password).toMatch(/^\$argon2id\$/u);
      await logIn(parts.identity, "ruth");
      await expect(accounts.importUser({ ...user, login: "x", passwordHash: PASSWORD })).rejects.toMatchObject({
        code: "identity/hash",
      });
    });

    it("are set by a link once, and end the sessions that were open", async () => {
      const { accounts, sessions } = parts.identity;
      const id = await addUser(parts.identity, "ruth");
      const session = await logIn(parts.identity, "ruth");
      const { secret } = await accounts.passwordLink(id);
      await expect(accounts.setPasswordByLink(secret, "short")).rejects.toMatchObject({
        code: "identity/weak-password",
      });
      await accounts.setPasswordByLink(secret, `${PASSWORD} again`);
      await expect(accounts.setPasswordByLink(secret, PASSWORD)).rejects.toMatchObject({ code: "identity/link" });
      await expect(sessions.refresh(session.refreshToken, HOME)).rejects.toMatchObject({
        code: "identity/session-ended",
      });
      await expect(password("ruth", PASSWORD)).rejects.toMatchObject(refused);
    });

    it("end links and logins that wait for their second factor, whoever sets them", async () => {
      const { accounts, logins } = parts.identity;
      const id = await addUser(parts.identity, "ruth");
      const { show } = await addApp(id);
      const next = `${PASSWORD} again`;
      const { secret } = await accounts.passwordLink(id);
      const { challenge } = await challengeOf("ruth");
      await logins.changePassword(id, { current: PASSWORD, next });
      await expect(accounts.setPasswordByLink(secret, PASSWORD)).rejects.toMatchObject({ code: "identity/link" });
      const answer = { challenge, method: "totp", code: show() } as const;
      await expect(logins.second(answer, HOME)).rejects.toMatchObject(refused);
      await expect(password("ruth", next)).resolves.toMatchObject({ kind: "second-factor" });
    });

    it("are changed by who knows the current one, which is guessed at five times", async () => {
      const { logins } = parts.identity;
      const id = await addUser(parts.identity, "ruth");
      const { accessToken } = await logIn(parts.identity, "ruth");
      const next = `${PASSWORD} again`;
      await expect(logins.changePassword(id, { current: PASSWORD, next: "short" })).rejects.toMatchObject({
        code: "identity/weak-password",
      });
      await logins.changePassword(id, { current: PASSWORD, next });
      expect(await whoSends(parts.identity, accessToken)).toBeUndefined();
      expect(await password("ruth", next)).toMatchObject({ kind: "session" });
      for (let guess = 0; guess < 5; guess += 1)
        await expect(logins.changePassword(id, { current: "wrong", next })).rejects.toMatchObject(refused);
      await expect(logins.changePassword(id, { current: next, next })).rejects.toMatchObject({
        code: "identity/locked",
      });
    });

    it("show nobody their hash", async () => {
      const id = await addUser(parts.identity, "ruth");
      const { accounts } = parts.identity;
      for (const shown of [await accounts.get(id), ...(await accounts.list({ limit: 5 }))])
        expect(Object.keys(shown).toSorted()).toEqual(["createdAt", "id", "login", "name"]);
    });
  });

  describe("guesses", () => {
    it("are checked five times, also many at once; then the right password waits too", async () => {
      await addUser(parts.identity, "ruth");
      const guesses = await Promise.allSettled(
        Array.from({ length: 12 }, async (_, index) => await password("ruth", `wrong ${index}`)),
      );
      const codes = guesses.map((one) => (one.status === "rejected" ? one.reason.code : "in"));
      expect(codes.filter((code) => code === "identity/login-refused")).toHaveLength(5);
      expect(codes.filter((code) => code === "identity/locked")).toHaveLength(7);
      await expect(password("ruth", PASSWORD)).rejects.toMatchObject({
        code: "identity/locked",
        status: 429,
        retryAfterMs: MINUTE,
      });
      expect(parts.alerts).toEqual(["failed-logins"]);
      parts.clock.now += MINUTE;
      expect(await password("ruth", PASSWORD)).toMatchObject({ kind: "session" });
    });

    it("from elsewhere do not lock the user out where they are known", async () => {
      await addUser(parts.identity, "ruth");
      await logIn(parts.identity, "ruth", HOME);
      for (let network = 0; network < 12; network += 1)
        for (let guess = 0; guess < 5; guess += 1)
          await password("ruth", "wrong", { address: `203.0.${network}.1` }).catch(() => undefined);
      await expect(password("ruth", PASSWORD, ELSEWHERE)).rejects.toMatchObject({ code: "identity/locked" });
      expect(await password("ruth", PASSWORD, HOME)).toMatchObject({ kind: "session" });
    });

    it("at logins that nobody has are locked like the others", async () => {
      for (let guess = 0; guess < 5; guess += 1)
        await expect(password("nobody", "wrong")).rejects.toMatchObject(refused);
      await expect(password("nobody", "wrong")).rejects.toMatchObject({ code: "identity/locked" });
    });

    it("do not count for who logs in rightly, however often", async () => {
      await addUser(parts.identity, "ruth");
      for (let login = 0; login < 12; login += 1) await logIn(parts.identity, "ruth");
      expect(parts.alerts).toEqual([]);
    });
  });

  describe("second factors", () => {
    it("are asked for once an app is confirmed; a code counts once", async () => {
      const { logins } = parts.identity;
      const id = await addUser(parts.identity, "ruth");
      const { show } = await addApp(id);
      const { challenge, methods } = await challengeOf("ruth");
      expect(methods).toEqual(["totp", "recovery-code"]);
      const code = show();
      const answer = { challenge, method: "totp", code } as const;
      expect(await logins.second(answer, HOME)).toMatchObject({ userId: id });
      await expect(logins.second(answer, HOME)).rejects.toMatchObject(refused);
      const again = await challengeOf("ruth");
      await expect(logins.second({ ...answer, challenge: again.challenge }, HOME)).rejects.toMatchObject(refused);
    });

    it("are not guessed by beginning anew", async () => {
      const { logins } = parts.identity;
      const { show } = await addApp(await addUser(parts.identity, "ruth"));
      const wrong = show() === "000000" ? "000001" : "000000";
      for (let guess = 0; guess < 5; guess += 1) {
        const { challenge } = await challengeOf("ruth");
        await expect(logins.second({ challenge, method: "totp", code: wrong }, HOME)).rejects.toMatchObject(refused);
      }
      const { challenge } = await challengeOf("ruth");
      await expect(logins.second({ challenge, method: "totp", code: show() }, HOME)).rejects.toMatchObject({
        code: "identity/locked",
      });
      expect(parts.alerts).toEqual(["failed-logins"]);
    });

    it("are replaced by each recovery code once, however it is typed", async () => {
      const { logins, totps } = parts.identity;
      const id = await addUser(parts.identity, "ruth");
      const { recovery } = await addApp(id);
      expect(new Set(recovery).size).toBe(10);
      const code = (recovery[0] ?? "").toLowerCase().replaceAll("-", " ");
      const first = await challengeOf("ruth");
      await logins.second({ challenge: first.challenge, method: "recovery-code", code }, HOME);
      const second = await challengeOf("ruth");
      const answer = { challenge: second.challenge, method: "recovery-code", code } as const;
      await expect(logins.second(answer, HOME)).rejects.toMatchObject(refused);
      expect(await totps.recoveryCodesLeft(id)).toBe(9);
    });

    it("expire, and are void once the user is locked out", async () => {
      const { accounts, logins } = parts.identity;
      const id = await addUser(parts.identity, "ruth");
      const { show } = await addApp(id);
      const late = await challengeOf("ruth");
      parts.clock.now += 5 * MINUTE;
      const answer = (challenge: string) => ({ challenge, method: "totp", code: show() }) as const;
      await expect(logins.second(answer(late.challenge), HOME)).rejects.toMatchObject(refused);
      const { challenge } = await challengeOf("ruth");
      await accounts.disable(id);
      await expect(logins.second(answer(challenge), HOME)).rejects.toMatchObject(refused);
    });

    it("are codes that are sent, where the user gave a contact and has nothing stronger", async () => {
      const { codes, logins } = parts.identity;
      const id = await addUser(parts.identity, "ruth");
      const contact = { kind: "mail", address: "ruth@example.org" } as const;
      const enrolment = (await codes?.enrol(id, contact)) ?? "";
      await expect(codes?.confirm(id, enrolment, "x")).rejects.toMatchObject({ code: "identity/wrong-code" });
      await codes?.confirm(id, enrolment, parts.sent.at(-1)?.code ?? "");
      const { challenge, methods, handle } = await challengeOf("ruth");
      expect(methods).toEqual(["code"]);
      const { code = "", contact: to } = parts.sent.at(-1) ?? {};
      expect(to).toEqual(contact);
      const answer = { challenge, method: "code", code, handle } as const;
      expect(await logins.second(answer, HOME)).toMatchObject({ userId: id });
      await addApp(id);
      expect((await challengeOf("ruth")).methods).toEqual(["totp", "recovery-code"]);
    });

    it("sends a user so many codes, and no more", async () => {
      const { codes } = parts.identity;
      const id = await addUser(parts.identity, "ruth");
      const contact = { kind: "sms", address: "+4915112345678" } as const;
      for (let times = 0; times < 5; times += 1) await codes?.enrol(id, contact);
      await expect(codes?.enrol(id, contact)).rejects.toMatchObject({ code: "identity/too-many-codes", status: 429 });
      expect(parts.sent).toHaveLength(5);
    });

    it("keeps no secret of them readable", async () => {
      const { codes } = parts.identity;
      const id = await addUser(parts.identity, "ruth");
      await codes?.confirm(
        id,
        (await codes.enrol(id, { kind: "mail", address: "ruth@example.org" })) ?? "",
        parts.sent.at(-1)?.code ?? "",
      );
      const kept = await parts.store.users.find(id);
      expect(Buffer.from(kept?.contact ?? []).toString("latin1")).not.toContain("ruth@example.org");
    });
  });

  describe("passkeys", () => {
    async function addPasskey(userId: string) {
      const { passkeys } = parts.identity;
      if (passkeys === undefined) throw new Error("There are no passkeys");
      const device = passkeyDevice(SITE.domain, SITE.origins[0] ?? "");
      const { challenge } = await passkeys.beginRegistration({ id: userId, login: "ruth" });
      await passkeys.register(userId, device.register(challenge), "phone");
      return { device, passkeys };
    }
    const passkeyRefused = { code: "identity/passkey-refused", status: 401 };

    it("log in by themselves, and a password alone is not enough any more", async () => {
      const id = await addUser(parts.identity, "ruth");
      const { device, passkeys } = await addPasskey(id);
      const { challenge } = await passkeys.beginLogin();
      expect(await parts.identity.logins.withPasskey(device.login(challenge), HOME)).toMatchObject({ userId: id });
      expect((await challengeOf("ruth")).methods).toEqual(["passkey"]);
    });

    it("are refused with a challenge that was used, has expired, or is another's", async () => {
      const { device, passkeys } = await addPasskey(await addUser(parts.identity, "ruth"));
      const { logins } = parts.identity;
      const { challenge } = await passkeys.beginLogin();
      await logins.withPasskey(device.login(challenge), HOME);
      await expect(logins.withPasskey(device.login(challenge), HOME)).rejects.toMatchObject(passkeyRefused);
      const late = await passkeys.beginLogin();
      parts.clock.now += 5 * MINUTE;
      await expect(logins.withPasskey(device.login(late.challenge), HOME)).rejects.toMatchObject(passkeyRefused);
      const made = device.login(Buffer.from("made up").toString("base64url"));
      await expect(logins.withPasskey(made, HOME)).rejects.toMatchObject(passkeyRefused);
    });

    it("are refused from another page, with a changed signature, and with an old counter", async () => {
      const { device, passkeys } = await addPasskey(await addUser(parts.identity, "ruth"));
      const { logins } = parts.identity;
      const next = async () => (await passkeys.beginLogin()).challenge;
      const evil = device.login(await next(), { origin: "https://evil.example" });
      await expect(logins.withPasskey(evil, HOME)).rejects.toMatchObject(passkeyRefused);
      const signed = device.login(await next());
      const signature = device.login("another").response.signature;
      const changed = { ...signed, response: { ...signed.response, signature } };
      await expect(logins.withPasskey(changed, HOME)).rejects.toMatchObject(passkeyRefused);
      await logins.withPasskey(device.login(await next(), { counter: 9 }), HOME);
      const cloned = device.login(await next(), { counter: 9 });
      await expect(logins.withPasskey(cloned, HOME)).rejects.toMatchObject(passkeyRefused);
    });

    it("are registered for the user who began", async () => {
      const [ruth, jana] = [await addUser(parts.identity, "ruth"), await addUser(parts.identity, "jana")];
      const { passkeys } = await addPasskey(ruth);
      const { challenge } = await passkeys.beginRegistration({ id: ruth, login: "ruth" });
      const answer = passkeyDevice(SITE.domain, SITE.origins[0] ?? "").register(challenge);
      await expect(passkeys.register(jana, answer, "phone")).rejects.toMatchObject(passkeyRefused);
      expect(await passkeys.list(jana)).toEqual([]);
    });
  });

  describe("sessions", () => {
    it("go on with another refresh token each time, for seven days without use and thirty in all", async () => {
      const { sessions } = parts.identity;
      await addUser(parts.identity, "ruth");
      let session = await logIn(parts.identity, "ruth");
      expect(session.refreshExpiresAt - parts.clock.now).toBe(7 * DAY);
      for (let day = 0; day < 28; day += 6) {
        parts.clock.now += 6 * DAY - 1;
        const next = await sessions.refresh(session.refreshToken, HOME);
        expect(next.refreshToken).not.toBe(session.refreshToken);
        session = next;
      }
      parts.clock.now += DAY;
      await expect(sessions.refresh(session.refreshToken, HOME)).rejects.toMatchObject({
        code: "identity/session-ended",
      });
    });

    it("end where a refresh token comes twice, from two networks: the access token counts no more at once", async () => {
      const { sessions } = parts.identity;
      await addUser(parts.identity, "ruth");
      const stolen = await logIn(parts.identity, "ruth");
      const thief = await sessions.refresh(stolen.refreshToken, ELSEWHERE);
      expect(await whoSends(parts.identity, thief.accessToken)).toMatchObject({
        credential: `session:${stolen.sessionId}`,
      });
      await expect(sessions.refresh(stolen.refreshToken, HOME)).rejects.toMatchObject({ status: 401 });
      expect(await whoSends(parts.identity, thief.accessToken)).toBeUndefined();
      await expect(sessions.refresh(thief.refreshToken, ELSEWHERE)).rejects.toMatchObject({ status: 401 });
      expect(parts.alerts).toEqual(["new-place", "token-reuse"]);
    });

    it("end by logout, alone or all of a user", async () => {
      const { sessions } = parts.identity;
      const id = await addUser(parts.identity, "ruth");
      const [one, two] = [await logIn(parts.identity, "ruth"), await logIn(parts.identity, "ruth")];
      expect(await sessions.end(one.sessionId, "logout")).toBe(true);
      expect(await whoSends(parts.identity, one.accessToken)).toBeUndefined();
      expect(await whoSends(parts.identity, two.accessToken)).toMatchObject({ userId: id });
      expect(await sessions.endAll(id, "revoked")).toBe(1);
      expect(await whoSends(parts.identity, two.accessToken)).toBeUndefined();
    });

    it("in a new place raise an alert, not in the first one nor in one that is known", async () => {
      await addUser(parts.identity, "ruth");
      for (const client of [HOME, HOME, { address: "192.0.2.200" }]) await logIn(parts.identity, "ruth", client);
      expect(parts.alerts).toEqual([]);
      for (const client of [ELSEWHERE, ELSEWHERE]) await logIn(parts.identity, "ruth", client);
      expect(parts.alerts).toEqual(["new-place"]);
      const [alert] = await parts.identity.alerts({ limit: 5 });
      expect(JSON.stringify(alert)).not.toContain(ELSEWHERE.address);
    });
  });

  describe("permissions", () => {
    const reach = async (bearer: string, permission: Permission, bot = "harbour") => {
      const principal = await whoSends(parts.identity, bearer);
      return principal && reachOf(principal, permission, bot);
    };

    it("follow the roles of the moment", async () => {
      const { accounts } = parts.identity;
      const id = await addUser(parts.identity, "ruth", "analyst");
      const { accessToken } = await logIn(parts.identity, "ruth");
      expect(await reach(accessToken, "documents:write")).toBe("no-grant");
      await accounts.grant(id, { bot: "harbour", role: "admin" }, "test");
      expect(await reach(accessToken, "documents:write")).toBe("any");
      expect(await reach(accessToken, "documents:write", "other")).toBe("other-bot");
      await accounts.ungrant(id, { bot: "harbour", role: "admin" });
      expect(await reach(accessToken, "documents:write")).toBe("no-grant");
    });

    it("are nobody's without a token of ours", async () => {
      for (const bearer of ["", "parley_", "parley_x_y", "a.b.c"])
        expect(await whoSends(parts.identity, bearer)).toBeUndefined();
    });

    it("of a credential are asked for again by its id, as for a ticket", async () => {
      const { identities, sessions, apiKeys } = parts.identity;
      const userId = await addUser(parts.identity, "ruth", "moderator");
      const { accessToken, sessionId } = await logIn(parts.identity, "ruth");
      const { key, secret } = await apiKeys.create({
        userId,
        name: "crm",
        bot: "harbour",
        days: 1,
        scopes: ["tools:read"],
      });
      for (const [sent, id] of [
        [accessToken, `session:${sessionId}`],
        [secret, `api-key:${key.id}`],
      ] as const) {
        const principal = await whoSends(parts.identity, sent);
        expect(principal?.credential).toBe(id);
        expect(await identities.current(id)).toEqual(principal);
      }
      await sessions.end(sessionId, "logout");
      await apiKeys.revoke(key.id);
      for (const id of [`session:${sessionId}`, `api-key:${key.id}`, "session:", "token:access", ""])
        expect(await identities.current(id)).toBeUndefined();
    });

    it("of a key are those of its user and its scopes, until it expires or is revoked", async () => {
      const { apiKeys, accounts } = parts.identity;
      const id = await addUser(parts.identity, "ruth", "moderator");
      const wanted = { userId: id, name: "crm", bot: "harbour", days: 1 };
      const { secret, key } = await apiKeys.create({ ...wanted, scopes: ["documents:read"] });
      expect(await reach(secret, "documents:read")).toBe("any");
      expect(await reach(secret, "documents:read", "other")).toBe("other-bot");
      expect(await reach(secret, "conversations:read")).toBe("no-grant");
      await accounts.ungrant(id, { bot: EVERY_BOT, role: "moderator" });
      expect(await reach(secret, "documents:read")).toBe("no-grant");
      await accounts.grant(id, { bot: EVERY_BOT, role: "moderator" }, "test");
      await apiKeys.revoke(key.id);
      expect(await reach(secret, "documents:read")).toBeUndefined();
      const other = await apiKeys.create({ ...wanted, scopes: ["documents:read"] });
      parts.clock.now += DAY;
      expect(await whoSends(parts.identity, other.secret)).toBeUndefined();
    });

    it("of keys end with a password link, a reset or a lock-out of their user, and are not revived", async () => {
      const { apiKeys, accounts, logins } = parts.identity;
      const userId = await addUser(parts.identity, "ruth");
      const next = `${PASSWORD} again`;
      const wanted = { userId, name: "crm", bot: EVERY_BOT, days: 30, scopes: ["documents:read"] } as const;
      const endings: readonly (() => Promise<unknown>)[] = [
        async () => await accounts.setPasswordByLink((await accounts.passwordLink(userId)).secret, PASSWORD),
        async () => await accounts.resetSecondFactor(userId),
        async () => {
          await accounts.disable(userId);
          await accounts.enable(userId);
        },
      ];
      for (const end of endings) {
        const { secret } = await apiKeys.create(wanted);
        expect(await reach(secret, "documents:read")).toBe("any");
        await end();
        expect(await whoSends(parts.identity, secret)).toBeUndefined();
      }
      // Programs go on where their user only takes another password.
      const { secret } = await apiKeys.create(wanted);
      await logins.changePassword(userId, { current: PASSWORD, next });
      expect(await reach(secret, "documents:read")).toBe("any");
    });

    it("that a user has not are given to no key of theirs", async () => {
      const { apiKeys } = parts.identity;
      const userId = await addUser(parts.identity, "ruth", "analyst");
      const wanted = { userId, name: "crm", bot: EVERY_BOT, days: 30 };
      await expect(apiKeys.create({ ...wanted, scopes: ["documents:write"] })).rejects.toMatchObject({
        code: "identity/key-scopes",
      });
      await expect(apiKeys.create({ ...wanted, scopes: [] })).rejects.toMatchObject({ code: "identity/key-scopes" });
      await expect(apiKeys.create({ ...wanted, scopes: ["documents:read"], days: 366 })).rejects.toMatchObject({
        code: "identity/key-days",
      });
      expect(await apiKeys.list({ limit: 5 })).toEqual([]);
    });
  });
});
