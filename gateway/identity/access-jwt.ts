/** Access tokens: signed, for a quarter of an hour, of one session. What they allow is looked up at each request. */
import { errors, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import type { KeyRing } from "./key-ring.ts";

export const ACCESS_MS = 15 * 60_000;
const ISSUER = "parley";
const AUDIENCE = "parley-api";
const ALGORITHM = "HS256";
const TYPE = "at+jwt";
/** Ours have some 350 characters. */
const LONGEST = 2_000;

const Claims = z.object({ sub: z.string().min(1), sid: z.string().min(1) });

export interface AccessTokens {
  readonly issue: (of: {
    readonly userId: string;
    readonly sessionId: string;
    readonly id: string;
    readonly now: number;
  }) => Promise<{ readonly token: string; readonly expiresAt: number }>;
  /** Undefined for whatever is no token of ours, or is one no more. */
  readonly verify: (
    token: string,
    now: number,
  ) => Promise<{ readonly userId: string; readonly sessionId: string } | undefined>;
}

/** Signs with the first key, and accepts those of the others. */
export function createAccessTokens({ signing }: Pick<KeyRing, "signing">): AccessTokens {
  const [current] = signing;
  const keyOf = (id: string | undefined): Uint8Array => {
    const found = signing.find((key) => key.id === id);
    if (found === undefined) throw new errors.JWKSNoMatchingKey();
    return found.secret;
  };
  return {
    issue: async ({ userId, sessionId, id, now }) => {
      const issuedAt = Math.floor(now / 1000);
      const expires = issuedAt + ACCESS_MS / 1000;
      const token = await new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: current.id })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(userId)
        .setJti(id)
        .setIssuedAt(issuedAt)
        .setExpirationTime(expires)
        .sign(current.secret);
      return { token, expiresAt: expires * 1000 };
    },
    verify: async (token, now) => {
      if (token.length > LONGEST) return undefined;
      try {
        const { payload } = await jwtVerify(token, ({ kid }) => keyOf(kid), {
          algorithms: [ALGORITHM],
          typ: TYPE,
          issuer: ISSUER,
          audience: AUDIENCE,
          requiredClaims: ["exp", "iat", "jti"],
          currentDate: new Date(now),
        });
        const claims = Claims.safeParse(payload);
        return claims.success ? { userId: claims.data.sub, sessionId: claims.data.sid } : undefined;
      } catch (thrown) {
        if (thrown instanceof errors.JOSEError) return undefined;
        throw thrown;
      }
    },
  };
}
