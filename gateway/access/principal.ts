/** Who calls, as the gateway sees it, and the port behind which accounts and keys are. */
import type { Permission } from "../../core/permission.ts";

/** `any`: of everybody. `own`: of the person that calls, and what needs an id that nobody can guess. */
export type Scope = "any" | "own";

export interface Grant {
  readonly permission: Permission;
  readonly scope: Scope;
  readonly bots: "all" | readonly string[];
}

export interface Principal {
  /** Stable and safe to log: `user:…`, `key:…`, `token:access`. Limits, idempotency keys and the audit know it by this. */
  readonly id: string;
  readonly kind: "user" | "key" | "token" | "guest" | "local";
  /** By what it proved itself, as `Identities.current` knows it: `session:…`, `api-key:…`. Left out for the gateway's own. */
  readonly credential?: string;
  /** The person, where it is one. */
  readonly userId?: string;
  readonly grants: readonly Grant[];
  /** How it proved itself. What a browser sends by itself counts less: see `same-origin.ts`. */
  readonly by: "bearer" | "cookie" | "ticket" | "nothing";
}

/** What a request brings to prove who sends it. */
export interface Credentials {
  readonly bearer: string | undefined;
  readonly cookies: ReadonlyMap<string, string>;
  readonly address: string;
  readonly method: string;
}

/** Accounts, sessions and API keys. */
export interface Identities {
  /** Whose the credentials are, with the rights of this moment; undefined where they are nobody's. */
  readonly authenticate: (credentials: Credentials) => Promise<Principal | undefined>;
  /** Whose a credential is now; undefined where it ended, or its person was locked. */
  readonly current: (credential: string) => Promise<Principal | undefined>;
  /** Whether anybody can log in who manages the others: until then whoever calls from this machine reads and sets. */
  readonly isManaged: () => Promise<boolean>;
}

/** A call that was refused for want of a right. */
export interface Denial {
  readonly principal: string;
  readonly permission: Permission;
  readonly reason: "no-grant" | "other-bot" | "foreign-object";
  readonly bot: string | undefined;
  readonly call: string;
  readonly correlationId: string;
}
