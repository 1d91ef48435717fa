import type { AdapterContext } from "../../core/adapter.ts";
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
  /** Path before every call: `/api/v1`, or one of its own where there are several web accounts. */
  readonly base: string;
  /** Notes that something was received. */
  readonly received: () => void;
}

/** The caller's session; a new one where it names none. Throws the errors of `session-ids.ts`. */
export async function sessionOf(
  { ids, context }: Pick<Api, "ids" | "context">,
  caller: { readonly sessionId?: string | undefined; readonly userId?: string | undefined },
): Promise<WebSession> {
  if (caller.sessionId !== undefined) return await ids.open(caller.sessionId, caller.userId);
  if (caller.userId === undefined) return ids.issue();
  if (!context.settings.acceptUserIds) throw new UserIdRefusedError("each session here is its own user");
  if (caller.userId.startsWith(GUEST_PREFIX)) throw new UserIdRefusedError(`"${GUEST_PREFIX}…" is reserved for guests`);
  return ids.issue(caller.userId);
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
