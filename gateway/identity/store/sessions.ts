/** Sessions: a family of refresh tokens of which only the newest counts. */
import type { Database, Work } from "../../../core/store/sql/database.ts";
import { change, first, run } from "../../../core/store/sql/work.ts";
import type { RoleGrant } from "../../access/roles.ts";
import {
  findSession,
  findToken,
  insertSession,
  insertToken,
  isUsedBefore,
  lastUse,
  listOf,
  noteUse,
  type RefreshToken,
  retireTokens,
  revokeAllOf,
  revokeOne,
  type Session,
  spendToken,
  standing,
  touchSession,
} from "./session-queries.ts";

/** So long the token that was just used is taken again from where it came: of several tabs, or after a lost answer. */
export const GRACE_MS = 10_000;

const USE_NOTED_MS = 60_000;

/** What became of a refresh token that was handed in. */
export type Rotation =
  | { readonly outcome: "rotated"; readonly session: Session; readonly expiresAt: number }
  /** It was used too long ago, or elsewhere: whoever has it now or had it then is a thief, so the session ended. */
  | { readonly outcome: "reused"; readonly session: Session; readonly isFirst: boolean }
  | { readonly outcome: "refused" };

/** When a token comes, and from which place of its user. */
interface Use {
  readonly now: number;
  readonly placeOf: (userId: string) => string;
}

export interface Sessions {
  readonly open: (
    session: Pick<Session, "id" | "userId" | "place" | "expiresAt"> & { readonly now: number },
    token: RefreshToken,
  ) => Promise<void>;
  /** Uses the old token up and keeps the next one, which expires no later than the session; atomically. */
  readonly rotate: (hash: string, next: RefreshToken, use: Use) => Promise<Rotation>;
  /** Whose it is and what they may, as it stands now; undefined where the session or its user does not stand any more. */
  readonly standing: (
    id: string,
    now: number,
  ) => Promise<{ readonly userId: string; readonly grants: readonly RoleGrant[] } | undefined>;
  /** Notes that it is used, once a minute. */
  readonly touch: (id: string, now: number) => Promise<void>;
  readonly find: (id: string) => Promise<Session | undefined>;
  /** Those that stand, the last used first. */
  readonly list: (userId: string, now: number) => Promise<readonly Session[]>;
  /** False where it did not stand. */
  readonly revoke: (id: string, revocation: { readonly now: number; readonly reason: string }) => Promise<boolean>;
  readonly revokeAll: (
    userId: string,
    revocation: { readonly now: number; readonly reason: string },
  ) => Promise<number>;
}

/** The sessions of an installation. */
export function createSessions(database: Database): Sessions {
  return {
    open: async ({ id, userId, place, expiresAt, now }, token) =>
      await database.write(
        function* () {
          yield* run(insertSession, { id, userId, place, expiresAt, now });
          yield* run(insertToken, { sessionId: id, ...token });
        },
        { lock: [] },
      ),
    rotate: async (hash, next, use) => {
      const token = await database.first(findToken, { hash });
      if (token === undefined) return { outcome: "refused" };
      // One after the other: what counts is which token of the session was used last.
      return await database.write(() => rotate(hash, next, use), { lock: `identity:session:${token.sessionId}` });
    },
    standing: async (id, now) => {
      const rows = await database.all(standing, { id, now });
      const [head] = rows;
      if (head === undefined) return undefined;
      const grants = rows.flatMap(({ bot, role }) => (bot === undefined || role === undefined ? [] : [{ bot, role }]));
      return { userId: head.userId, grants };
    },
    touch: async (id, now) => {
      // It is asked at every request, and only a write waits for others that write.
      const due = await database.first(isUsedBefore, { id, before: now - USE_NOTED_MS });
      if (due !== undefined) await database.change(noteUse, { id, now });
    },
    find: async (id) => await database.first(findSession, { id }),
    list: async (userId, now) => await database.all(listOf, { userId, now }),
    revoke: async (id, { now, reason }) => (await database.change(revokeOne, { id, now, reason })) > 0,
    revokeAll: async (userId, { now, reason }) => await database.change(revokeAllOf, { userId, now, reason }),
  };
}

function* rotate(hash: string, next: RefreshToken, { now, placeOf }: Use): Work<Rotation> {
  const spent = yield* first(spendToken, { hash, now });
  const token = yield* first(findToken, { hash });
  const session = token === undefined ? undefined : yield* first(findSession, { id: token.sessionId });
  if (token?.usedAt === undefined || session === undefined) return { outcome: "refused" };
  const { id } = session;
  const place = placeOf(session.userId);
  if (spent === undefined && !(yield* isRetry({ session, place, usedAt: token.usedAt, now }))) {
    const ended = yield* change(revokeOne, { id, now, reason: "token-reuse" });
    return { outcome: "reused", session, isFirst: ended > 0 };
  }
  if (spent !== undefined) yield* run(retireTokens, { sessionId: id, now });
  const expiresAt = Math.min(next.expiresAt, session.expiresAt);
  yield* run(insertToken, { ...next, expiresAt, sessionId: id });
  yield* run(touchSession, { id, place, now });
  return { outcome: "rotated", session, expiresAt };
}

interface Retry {
  readonly session: Session;
  readonly place: string;
  readonly usedAt: number;
  readonly now: number;
}

/** Whether a used token is the one just used, from where it came then, of a session that stands. */
function* isRetry({ session: { id, place: lastPlace }, place, usedAt, now }: Retry): Work<boolean> {
  if (place !== lastPlace || now - usedAt >= GRACE_MS) return false;
  const last = yield* first(lastUse, { sessionId: id });
  return last?.usedAt === usedAt && (yield* first(standing, { id, now })) !== undefined;
}
