import type { FastifyInstance, FastifyRequest } from "fastify";
import type { WebSocket } from "ws";
import { describeError, ParleyError } from "../core/errors.ts";
import type { Socket, SocketRoute } from "../core/http.ts";
import { callerOf, type Guard } from "./access/guard.ts";
import type { Identities, Principal } from "./access/principal.ts";
import type { GatewayOptions } from "./options.ts";
import { cutText } from "../core/text/cut.ts";

/** A client that does not read is cut off when this much waits for it. */
const SEND_BUFFER_LIMIT = 1024 * 1024;
/** Largest frame where an endpoint names no other limit, in bytes. */
export const FRAME_LIMIT = 256 * 1024;
const PING_MS = 25_000;
/** How long a socket outlives the rights of whoever opened it. */
const LOOK_AGAIN_MS = 30_000;

/** Mounts one WebSocket endpoint. */
export function mountSocket(
  server: FastifyInstance,
  route: SocketRoute,
  { log, guard, identities }: Pick<GatewayOptions, "log" | "identities"> & { readonly guard: Guard },
): void {
  const { permission, bot, owner } = route;
  const open = (raw: WebSocket, request: FastifyRequest, query: unknown): void => {
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers)) {
      if (typeof value === "string") headers.set(name, value);
    }
    route.open(wrap(raw, route.frameLimit ?? FRAME_LIMIT), { query, headers, caller: callerOf(request) });
  };
  const openOwned = async (raw: WebSocket, request: FastifyRequest, query: unknown): Promise<void> => {
    // What is said before it is known whose object it is waits.
    raw.pause();
    try {
      await guard.requireOwner(
        request,
        { owner, bot },
        {
          parameters: request.params,
          query,
          body: undefined,
          caller: callerOf(request),
        },
      );
      if (raw.readyState === raw.OPEN) open(raw, request, query);
    } catch (thrown) {
      const [status, code] = thrown instanceof ParleyError ? [thrown.status, thrown.code] : [500, "gateway/internal"];
      if (status >= 500) log.error({ correlationId: request.id, error: describeError(thrown) }, "a socket failed");
      route.refused?.(wrap(raw, FRAME_LIMIT), thrown);
      raw.close(4_000 + status, closeReason(code));
    }
    raw.resume();
  };
  const config = { isSocket: true, permission, bot, isOwned: owner !== undefined };
  server.get(route.path, { websocket: true, config }, (raw: WebSocket, request) => {
    const query = route.query?.safeParse(request.query);
    if (query?.success === false) {
      raw.close(1008, closeReason(`query: ${query.error.issues[0]?.message ?? "does not fit"}`));
      return;
    }
    keepAlive(raw);
    if (identities !== undefined) endWithRights(raw, request.principal, identities);
    raw.on("error", (error) => log.debug({ correlationId: request.id, error: describeError(error) }, "socket error"));
    if (owner === undefined) open(raw, request, query?.data);
    else void openOwned(raw, request, query?.data);
  });
}

function wrap(raw: WebSocket, frameLimit: number): Socket {
  return {
    send: (text) => {
      if (raw.readyState !== raw.OPEN) return false;
      if (raw.bufferedAmount > SEND_BUFFER_LIMIT) {
        raw.terminate();
        return false;
      }
      raw.send(text);
      return true;
    },
    onMessage: (listener) => {
      raw.on("message", (data: Buffer, isBinary: boolean) => {
        if (isBinary || data.length > frameLimit) {
          raw.close(isBinary ? 1003 : 1009, isBinary ? "Text frames only." : `At most ${frameLimit} bytes a frame.`);
          return;
        }
        listener(data.toString("utf8"));
      });
    },
    onClose: (listener) => {
      raw.on("close", () => listener());
    },
    close: (code, reason) => raw.close(code, reason),
  };
}

/** Half-open connections are noticed: two missed pongs end the socket. */
function keepAlive(raw: WebSocket): void {
  let missed = 0;
  raw.on("pong", () => {
    missed = 0;
  });
  const timer = setInterval(() => {
    missed += 1;
    if (missed > 2) raw.terminate();
    else raw.ping();
  }, PING_MS);
  timer.unref();
  raw.on("close", () => clearInterval(timer));
}

/** Who was locked or lost their key does not go on reading through a socket that was opened before. */
function endWithRights(raw: WebSocket, principal: Principal | undefined, identities: Identities): void {
  const { credential } = principal ?? {};
  if (credential === undefined) return;
  const look = async (): Promise<void> => {
    const now = await identities.current(credential);
    if (now === undefined) raw.close(4401, "gateway/unauthorized");
  };
  // What cannot be looked up now is looked up the next time.
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_AGAIN_MS);
  timer.unref();
  raw.on("close", () => clearInterval(timer));
}

/** A close frame holds 123 bytes of reason; a code unit takes three at most. */
function closeReason(words: string): string {
  return Buffer.byteLength(words) <= 123 ? words : cutText(words, 41);
}
