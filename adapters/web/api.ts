import type { AdapterContext, Caller, Owner } from "../../adapter.ts";
import type { AddressLimits } from "./address-limits.ts";
import type { Channels } from "./channels.ts";
import type { Conversations } from "./conversation.ts";
import { UserIdRefusedError } from "./errors.ts";
import type { SessionIds, WebSession } from "./session-ids.ts";
import { GUEST_PREFIX } from "./session-ids.ts";
import type { WebSettings } from "./settings.ts";

/** What every call is made of. */
export interface Api {
  readonly context: AdapterContext<WebSettings>;
  readonly ids: SessionIds;
  readonly channels: Channels;
  readonly conversations: Conversations;
  readonly limits: AddressLimits;
  /** Path before every call: `/api/v1`, or one of its own where there are several web accounts. */
  readonly base: string;
  /** Notes that something was received. */
  readonly received: () => void;
}

/**
 * The caller's session; a new one where it names none. Only a caller whose token may name users opens a session of a
 * user; everybody else is a guest of a session of their own. Throws the errors of `session-ids.ts`.
 */
export async function sessionOf(
  { ids, limits }: Pick<Api, "ids" | "limits">,
  named: {
    readonly sessionId?: string | undefined;
    readonly userId?: string | undefined;
    /** Called again under the same one, the session that was begun then is meant. */
    readonly callId?: string | undefined;
  },
  { mayNameUsers, address, userId: caller }: Caller,
): Promise<WebSession> {
  if (named.sessionId !== undefined) return await ids.open(named.sessionId, named.userId);
  if (named.userId === undefined) {
    if (!mayNameUsers) limits.session(address);
    return await ids.issue(caller === undefined ? undefined : { loggedIn: caller }, named.callId);
  }
  if (!mayNameUsers && named.userId !== caller) {
    throw new UserIdRefusedError("only a caller that sends gateway.trustedToken may name users; leave it out");
  }
  if (named.userId.startsWith(GUEST_PREFIX)) throw new UserIdRefusedError(`"${GUEST_PREFIX}…" is reserved for guests`);
  return await ids.issue(named.userId === caller ? { loggedIn: caller } : { named: named.userId }, named.callId);
}

/**
 * Whose a session is. Whoever holds the id of a guest's, or of a user's that a trusted system named, may speak in it, as front
 * ends do; a person who proved to be one only where it is theirs, and in a session of theirs nobody else.
 */
export async function ownerOfSession(
  { ids }: Pick<Api, "ids">,
  { sessionId, userId }: { readonly sessionId?: string | undefined; readonly userId?: string | undefined },
): Promise<Owner> {
  if (sessionId === undefined) return userId === undefined ? "bearer" : { user: userId, byId: true };
  const session = await ids.open(sessionId, userId);
  return session.userId.startsWith(GUEST_PREFIX) ? "bearer" : ownerOf(session);
}

const ownerOf = ({ userId: user, isOfLogin }: WebSession): Owner => (isOfLogin ? { user } : { user, byId: true });

/** Counts what a guest says where it comes from. Throws `web/rate-limited`. */
export function countMessage({ limits }: Pick<Api, "limits">, { userId }: WebSession, caller: Caller): void {
  if (userId.startsWith(GUEST_PREFIX) && !caller.mayNameUsers) limits.message(caller.address);
}

/** JSON that no cache keeps. */
export function json(
  body: unknown,
  init: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): Response {
  const headers = new Headers(init.headers);
  headers.set("cache-control", "no-store");
  return Response.json(body, { status: init.status ?? 200, headers });
}
