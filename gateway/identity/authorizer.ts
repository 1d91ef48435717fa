/** Who calls, and whether they may: asked at each request, of what is kept now. Denied unless a role allows it. */
import { describeError, ParleyError } from "../../core/errors.ts";
import type { Logger } from "../../core/telemetry.ts";
import type { Audit } from "../../tools/audit/index.ts";
import type { AccessTokens } from "./access-jwt.ts";
import { type ApiKeyService, isApiKey } from "./api-keys.ts";
import { type Demand, type Holder, isAllowed } from "./roles.ts";
import type { IdentityStore } from "./store/identity-store.ts";

/** Somebody who proved who they are. */
export interface Principal extends Holder {
  /** By what they proved it, and its id. */
  readonly by: "session" | "api-key";
  readonly id: string;
}

/** Something that was not allowed. */
export interface Denial {
  readonly principal: Principal;
  readonly demand: Demand;
  readonly requestId: string;
}

/** Keeps denials where nobody edits them. */
export type RecordDenial = (denial: Denial) => Promise<void>;

export interface Authorizer {
  /** Throws `identity/unauthenticated`. */
  readonly authenticate: (bearer: string | undefined) => Promise<Principal>;
  /** Throws `identity/forbidden`, which is recorded. */
  readonly require: (principal: Principal, demand: Demand, requestId: string) => Promise<void>;
}

export function createAuthorizer(options: {
  readonly store: Pick<IdentityStore, "sessions">;
  readonly tokens: AccessTokens;
  readonly apiKeys: ApiKeyService;
  readonly clock: () => number;
  readonly record: RecordDenial;
  readonly log: Logger;
}): Authorizer {
  const { store, tokens, apiKeys, clock, record, log } = options;

  async function ofKey(token: string): Promise<Principal | undefined> {
    const found = await apiKeys.find(token);
    if (found === undefined) return undefined;
    const { id, userId, bot, scopes } = found.key;
    return { by: "api-key", id, userId, grants: found.grants, limits: { bot, scopes: new Set(scopes) } };
  }

  async function ofSession(token: string): Promise<Principal | undefined> {
    const claims = await tokens.verify(token, clock());
    if (claims === undefined) return undefined;
    const standing = await store.sessions.standing(claims.sessionId, clock());
    if (standing?.userId !== claims.userId) return undefined;
    return { by: "session", id: claims.sessionId, ...standing };
  }

  return {
    authenticate: async (bearer = "") => {
      const principal = await (isApiKey(bearer) ? ofKey(bearer) : ofSession(bearer));
      if (principal !== undefined) return principal;
      throw new ParleyError(
        "identity/unauthenticated",
        "This call needs a valid access token or API key: send it as `Authorization: Bearer …`. Refresh the session, or log in again.",
        { status: 401 },
      );
    },
    require: async (principal, demand, requestId) => {
      if (isAllowed(principal, demand)) return;
      try {
        await record({ principal, demand, requestId });
      } catch (thrown) {
        log.error({ correlationId: requestId, error: describeError(thrown) }, "a denial could not be recorded");
      }
      throw new ParleyError("identity/forbidden", `This call needs the permission ${demand.permission}.`, {
        status: 403,
      });
    },
  };
}

/** Denials as entries of the audit of actions, chained and signed with the others. */
export function auditDenials(audit: Audit): RecordDenial {
  return async ({ principal, demand, requestId }) =>
    await audit.write(() =>
      audit.append({
        kind: "refused",
        bot: demand.bot,
        person: principal.userId,
        account: principal.by,
        userId: principal.userId,
        conversation: "",
        tool: demand.permission,
        eventId: requestId,
        callId: principal.id,
        code: "identity/forbidden",
      }),
    );
}
