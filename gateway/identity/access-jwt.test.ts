import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { SignJWT, UnsecuredJWT } from "jose";
import { describe, expect, it } from "vitest";
import { ACCESS_MS, createAccessTokens } from "./access-jwt.ts";

const NOW = Date.parse("2026-12-01T12:00:00Z");
const key = (id: string) => ({ id, secret: new Uint8Array(randomBytes(32)) });
const current = key("1");
const tokens = createAccessTokens({ signing: [current] });
const of = { userId: "ruth", sessionId: "s", id: "t", now: NOW };

describe("access tokens", () => {
  it("name their user and session for a quarter of an hour", async () => {
    const { token, expiresAt } = await tokens.issue(of);
    expect(expiresAt).toBe(NOW + 15 * 60_000);
    expect(await tokens.verify(token, NOW)).toEqual({ userId: "ruth", sessionId: "s" });
    expect(await tokens.verify(token, NOW + ACCESS_MS - 1_000)).toBeDefined();
    expect(await tokens.verify(token, NOW + ACCESS_MS)).toBeUndefined();
  });

  it("count on with an earlier key, and no more without it", async () => {
    const { token } = await tokens.issue(of);
    expect(await createAccessTokens({ signing: [key("2"), current] }).verify(token, NOW)).toBeDefined();
    expect(await createAccessTokens({ signing: [key("2")] }).verify(token, NOW)).toBeUndefined();
    expect(await createAccessTokens({ signing: [key("1")] }).verify(token, NOW)).toBeUndefined();
  });

  it("are refused with one sign changed, anywhere", async () => {
    const { token } = await tokens.issue(of);
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), fc.constantFrom("A", "z", "0", "-", "_", "."), async (at, sign) => {
        const changed = token.slice(0, at) + sign + token.slice(at + 1);
        // The last sign of a part holds bits that do not count.
        const isSame = token.split(".").every((part, index) => {
          const other = changed.split(".")[index] ?? "";
          return Buffer.from(part, "base64url").equals(Buffer.from(other, "base64url"));
        });
        if (!isSame) expect(await tokens.verify(changed, NOW)).toBeUndefined();
      }),
    );
  });

  const claims = { sid: "s", sub: "ruth", jti: "t", iss: "parley", aud: "parley-api" };
  const signed = (change: object, header: object = {}, secret = current.secret) =>
    new SignJWT({ ...claims, ...change })
      .setProtectedHeader({ alg: "HS256", typ: "at+jwt", kid: "1", ...header })
      .setIssuedAt(NOW / 1000)
      .setExpirationTime(NOW / 1000 + 60)
      .sign(secret);

  it("are accepted as they are made", async () => {
    expect(await tokens.verify(await signed({}), NOW)).toBeDefined();
  });

  it.each([
    ["another issuer", signed({ iss: "evil" })],
    ["another audience", signed({ aud: "other" })],
    ["no session", signed({ sid: undefined })],
    ["an empty session", signed({ sid: "" })],
    ["no user", signed({ sub: undefined })],
    ["no id", signed({ jti: undefined })],
    ["another kind of token", signed({}, { typ: "JWT" })],
    ["an unknown key", signed({}, { kid: "9" })],
    ["no key", signed({}, { kid: undefined })],
    ["another algorithm", signed({}, { alg: "HS512" }, new Uint8Array(64))],
    ["another secret", signed({}, {}, key("1").secret)],
    ["no signature", Promise.resolve(new UnsecuredJWT(claims).setExpirationTime("1h").encode())],
  ])("are refused with %s", async (_what, token) => {
    expect(await tokens.verify(await token, NOW)).toBeUndefined();
  });

  it("are none of any other text", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 100 }), async (text) => {
        expect(await tokens.verify(text, NOW)).toBeUndefined();
      }),
    );
    expect(await tokens.verify("a".repeat(1_000_000), NOW)).toBeUndefined();
  });
});
