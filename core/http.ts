/**
 * HTTP as adapters and tools offer it: web-standard handlers with schemas. The gateway mounts them on its one
 * server, validates, answers problem details (RFC 9457) and generates OpenAPI from them.
 */
import type { z } from "zod";
import type { Permission, RoutePermission } from "./permission.ts";

export interface HttpRoute {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Fastify-style: `/api/v1/sessions/:id`. */
  readonly path: string;
  readonly summary: string;
  readonly tags?: readonly string[];
  readonly parameters?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** JSON body. Left out where the handler reads the request itself (uploads, signed webhooks). */
  readonly body?: z.ZodType;
  /** Response schema by status. */
  readonly responses?: Readonly<Record<number, z.ZodType>>;
  /** Largest body in bytes. @default 1 MiB */
  readonly bodyLimit?: number;
  /**
   * Set where the path is the same for every bot and `named` is this bot's own: with several such bots the path is refused
   * with the addresses there are, since nobody could say which bot is meant.
   */
  readonly sharedBy?: { readonly bot: string; readonly named: string };
  /** Not listed in OpenAPI (pages, assets). */
  readonly hidden?: boolean;
  /** What its caller needs. */
  readonly permission: RoutePermission;
  /**
   * Whose object the call is about; made by `ownedBy`. Callers that have the permission for what is theirs alone are held
   * to it, and without it they are refused.
   */
  readonly owner?: OwnerOf;
  /**
   * The bot that it belongs to, for permissions that are given by bot; a function where only the request tells. Left out, it
   * is the installation's.
   */
  readonly bot?: string | BotOf;
  /** What it needs besides, where only what was sent tells; in the place of `bot` where that is left out. */
  readonly demands?: DemandsOf;
  /** Shown in the reference, and run by the tests. */
  readonly examples?: readonly RouteExample[];
  /**
   * Called again with the same `idempotencyId` it does nothing twice and finds its answer itself: under an idempotency key nothing
   * of the answer is kept, so that what was erased meanwhile is not given again.
   */
  readonly findsAnswer?: boolean;
  /** How long its answer to a GET may be kept. Left out, nothing keeps it. */
  readonly cache?: CacheRule;
  /** Its answers hold tokens, codes or keys: they are not compressed, cached or kept for idempotency keys. */
  readonly holdsSecrets?: boolean;
  /** Calls a minute and address of this route alone, such as of a login; besides the limits for all calls. */
  readonly perMinute?: number;
  readonly handle: (request: HttpRequest) => Promise<Response>;
}

/**
 * A person, or `bearer`: whoever holds an id that nobody can guess, as guests hold that of their session. `byId`: a person's
 * whose id is such a one, so that it also opens it for callers that are no person themselves (a front end with a token).
 */
export type Owner = { readonly user: string; readonly byId?: true } | "bearer";

/** A permission with a bot, or where that is undefined with all of them. */
export interface Demand {
  readonly permission: Permission;
  readonly bot: string | undefined;
}

/** Finds what else a call needs: each of them for everybody's objects. */
export type DemandsOf = (
  request: Pick<HttpRequest, "parameters" | "query" | "body" | "caller">,
) => Promise<readonly Demand[]> | readonly Demand[];

/** Finds of which bot a call is; undefined where it is the installation's. */
export type BotOf = (
  request: Pick<HttpRequest, "parameters" | "query" | "body">,
) => Promise<string | undefined> | string | undefined;

/** Finds whose object a call is about; undefined where there is none. */
export type OwnerOf = (
  request: Pick<HttpRequest, "parameters" | "query" | "body">,
) => Promise<Owner | undefined> | Owner | undefined;

/** Whose object it is, told from what was sent in one place: `ownedBy("parameters", User, ({ userId }) => …)`. */
export function ownedBy<Schema extends z.ZodType>(
  place: "parameters" | "query" | "body",
  schema: Schema,
  find: (sent: z.output<Schema>) => Promise<Owner | undefined> | Owner | undefined,
): OwnerOf {
  return async (request) => await find(schema.parse(request[place]));
}

/** Where the handler itself gives its caller only what is theirs, as a list of their own keys. */
export const ofCaller: OwnerOf = () => "bearer";

export interface CacheRule {
  /** `private`: by the caller's own browser alone. `public` only where everybody is told the same. */
  readonly by: "public" | "private";
  /** 0: it is asked for again each time, and answered with 304 while nothing changed. */
  readonly seconds: number;
}

/** One call and its answer. */
export interface RouteExample {
  readonly summary: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** JSON; text where the route reads the bytes itself. */
  readonly body?: unknown;
  readonly status: number;
  readonly answer?: unknown;
}

/** Who calls, as far as it was proved. */
export interface Caller {
  /** The network address, behind as many trusted proxies as are configured. */
  readonly address: string;
  /** Whether it has the right to say for which user it speaks. */
  readonly mayNameUsers: boolean;
  /** By what it proved itself, such as `session:…`; never the secret. Left out where nobody was asked for. */
  readonly credential?: string;
  /** The person, where one proved to be it. */
  readonly userId?: string;
  /** Whether it may do something with the route's bot, with what is its own at least. Left out where nobody was asked for. */
  readonly may?: (permission: Permission) => boolean;
}

/** A request after validation. Parse `parameters`, `query` and `body` again with your own schema to get their types. */
export interface HttpRequest {
  readonly parameters: unknown;
  readonly query: unknown;
  readonly body: unknown;
  /** The raw request: headers, and the unread body where the route declared none. */
  readonly raw: Request;
  readonly correlationId: string;
  /** The same for each attempt under one idempotency key: what the call makes is made once if it carries this id. */
  readonly idempotencyId?: string;
  readonly caller: Caller;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
}

/** A WebSocket endpoint, without the server library. */
export interface SocketRoute {
  readonly path: string;
  readonly summary: string;
  readonly query?: z.ZodObject;
  /** What its caller needs, and whose object it is about, as of a route. */
  readonly permission: RoutePermission;
  readonly owner?: OwnerOf;
  readonly bot?: string;
  /** Largest frame in bytes. @default 256 KiB */
  readonly frameLimit?: number;
  /** Tells a client in its own frames why it is turned away, before the socket closes. */
  readonly refused?: (socket: Pick<Socket, "send">, thrown: unknown) => void;
  readonly open: (
    socket: Socket,
    request: { readonly query: unknown; readonly headers: Headers; readonly caller: Caller },
  ) => void;
}

export interface Socket {
  /** False when the socket is closed or its send buffer is over the limit (a client that never reads is cut off). */
  readonly send: (text: string) => boolean;
  readonly onMessage: (listener: (text: string) => void) => void;
  readonly onClose: (listener: () => void) => void;
  readonly close: (code: number, reason: string) => void;
}
