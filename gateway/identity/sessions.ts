/** Sessions of logged-in users: a short access token, and a refresh token that is another one after each use. */
import type { Environment } from "../../core/environment.ts";
import { ParleyError } from "../../core/errors.ts";
import type { AccessTokens } from "./access-jwt.ts";
import type { RaiseAlert } from "./alerts.ts";
import { type Client, networkOf } from "./client.ts";
import { type Hasher, newSecret } from "./secrets.ts";
import type { IdentityStore } from "./store/identity-store.ts";
import type { Session } from "./store/session-queries.ts";

const DAY_MS = 24 * 60 * 60_000;
export const REFRESH_MS = 7 * DAY_MS;
/** However often it is refreshed, then the user logs in again. */
const LONGEST_MS = 30 * DAY_MS;

/** What a client holds. Give it to nobody else, and keep it out of logs. */
export interface IssuedSession {
  readonly userId: string;
  readonly sessionId: string;
  readonly accessToken: string;
  readonly accessExpiresAt: number;
  readonly refreshToken: string;
  readonly refreshExpiresAt: number;
}

/** Why a session ended. */
export type Revocation = "logout" | "revoked" | "password" | "disabled" | "token-reuse";

export interface SessionService {
  /** For a user who proved to be one. */
  readonly issue: (userId: string, client: Client) => Promise<IssuedSession>;
  /**
   * Throws `identity/session-ended` where the token is none, or none any more; a token that was used before ends its
   * session, since two have it; but for the one just used, from the same network: its answer may have been lost.
   */
  readonly refresh: (refreshToken: string, client: Client) => Promise<IssuedSession>;
  /** The session of an access token ends; false where it had ended. */
  readonly end: (sessionId: string, reason: Revocation) => Promise<boolean>;
  readonly endAll: (userId: string, reason: Revocation) => Promise<number>;
  readonly list: (userId: string) => Promise<readonly Session[]>;
  readonly find: (sessionId: string) => Promise<Session | undefined>;
}

export interface SessionOptions {
  readonly store: IdentityStore;
  readonly tokens: AccessTokens;
  readonly hasher: Hasher;
  readonly environment: Pick<Environment, "clock" | "newId">;
  readonly raise: RaiseAlert;
}

/** The place of a user, as it is kept: others' places give other hashes. */
export function placeOf(hasher: Hasher, userId: string, { address }: Client): string {
  return hasher("place", `${userId}\0${networkOf(address)}`);
}

export function createSessionService({ store, tokens, hasher, environment, raise }: SessionOptions): SessionService {
  const { sessions, anomalies } = store;
  const { clock, newId } = environment;

  async function issued(session: Pick<Session, "id" | "userId">, refreshToken: string, refreshExpiresAt: number) {
    const { id: sessionId, userId } = session;
    const access = await tokens.issue({ userId, sessionId, id: newId(), now: clock() });
    return {
      userId,
      sessionId,
      accessToken: access.token,
      accessExpiresAt: access.expiresAt,
      refreshToken,
      refreshExpiresAt,
    };
  }

  async function notePlace(userId: string, sessionId: string, place: string): Promise<void> {
    if ((await anomalies.notePlace(userId, place, clock())) === "new")
      await raise({ kind: "new-place", userId, detail: { sessionId } });
  }

  return {
    issue: async (userId, client) => {
      const now = clock();
      const id = newId();
      const place = placeOf(hasher, userId, client);
      const refreshToken = newSecret();
      const expiresAt = now + REFRESH_MS;
      await sessions.open(
        { id, userId, place, expiresAt: now + LONGEST_MS, now },
        { hash: hasher("refresh-token", refreshToken), issuedAt: now, expiresAt },
      );
      await notePlace(userId, id, place);
      return await issued({ id, userId }, refreshToken, expiresAt);
    },
    refresh: async (refreshToken, client) => {
      const now = clock();
      const next = newSecret();
      const rotation = await sessions.rotate(
        hasher("refresh-token", refreshToken),
        { hash: hasher("refresh-token", next), issuedAt: now, expiresAt: now + REFRESH_MS },
        { now, placeOf: (userId) => placeOf(hasher, userId, client) },
      );
      if (rotation.outcome === "rotated") {
        const { session, expiresAt } = rotation;
        await notePlace(session.userId, session.id, placeOf(hasher, session.userId, client));
        return await issued(session, next, expiresAt);
      }
      if (rotation.outcome === "reused" && rotation.isFirst) {
        const { userId, id } = rotation.session;
        await raise({ kind: "token-reuse", userId, detail: { sessionId: id } });
      }
      throw new ParleyError("identity/session-ended", "This session has ended. Log in again.", { status: 401 });
    },
    end: async (sessionId, reason) => await sessions.revoke(sessionId, { now: clock(), reason }),
    endAll: async (userId, reason) => await sessions.revokeAll(userId, { now: clock(), reason }),
    list: async (userId) => await sessions.list(userId, clock()),
    find: sessions.find,
  };
}
