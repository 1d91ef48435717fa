/**
 * HTTP as adapters and tools offer it: web-standard handlers with schemas. The gateway mounts them on its one
 * server, validates, answers problem details (RFC 9457) and generates OpenAPI from them.
 */
import type { z } from "zod";

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
  /**
   * Speaks of people or changes what serves everybody, so that only an operator's systems may call it: with
   * `gateway.trustedToken`, or without any token where the gateway listens on this machine alone.
   */
  readonly trusted?: boolean;
  /** Answers without the gateway's access token: a page that tells nothing about anybody. */
  readonly open?: boolean;
  readonly handle: (request: HttpRequest) => Promise<Response>;
}

/** Who calls, as far as it was proved. */
export interface Caller {
  /** The network address, behind as many trusted proxies as are configured. */
  readonly address: string;
  /** Whether its token has the right to say for which user it speaks. */
  readonly mayNameUsers: boolean;
}

/** A request after validation. Parse `parameters`, `query` and `body` again with your own schema to get their types. */
export interface HttpRequest {
  readonly parameters: unknown;
  readonly query: unknown;
  readonly body: unknown;
  /** The raw request: headers, and the unread body where the route declared none. */
  readonly raw: Request;
  readonly correlationId: string;
  readonly caller: Caller;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
}

/** A WebSocket endpoint, without the server library. */
export interface SocketRoute {
  readonly path: string;
  readonly summary: string;
  readonly query?: z.ZodObject;
  /** Largest frame in bytes. @default 256 KiB */
  readonly frameLimit?: number;
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
