import type { FastifyInstance, FastifyRequest } from "fastify";
import type { WebSocket } from "ws";
import { describeError, ParleyError } from "../core/errors.ts";
import type { Socket, SocketRoute } from "../core/http.ts";
import { callerOf, type Guard } from "./access/guard.ts";
import { currentOf } from "./access/identify.ts";
import { holdRights, type StillMay } from "./access/socket-rights.ts";
import type { GatewayOptions } from "./options.ts";
import { cutText } from "../core/text/cut.ts";

/** A client that does not read is cut off when this much waits for it. */
const SEND_BUFFER_LIMIT = 1024 * 1024;
/** Largest frame where an endpoint names no other limit, in bytes. */
export const FRAME_LIMIT = 256 * 1024;
const PING_MS = 25_000;

/** Mounts one WebSocket endpoint. */
export function mountSocket(
  server: FastifyInstance,
  route: SocketRoute,
  { guard, ...options }: GatewayOptions & { readonly guard: Guard },
): void {
  const { log } = options;
  const current = async (credential: string) => await currentOf(credential, options);
  const { permission, bot, owner } = route;
  const open = (raw: WebSocket, request: FastifyRequest, query: unknown, stillMay: StillMay): void => {
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers)) {
      if (typeof value === "string") headers.set(name, value);
    }
    route.open(wrap(raw, route.frameLimit ?? FRAME_LIMIT, stillMay), { query, headers, caller: callerOf(request) });
  };
  const openOwned = async (
    raw: WebSocket,
    request: FastifyRequest,
    query: unknown,
    stillMay: StillMay,
  ): Promise<void> => {
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
      if (raw.readyState === raw.OPEN) open(raw, request, query, stillMay);
    } catch (thrown) {
      const [status, code] = thrown instanceof ParleyError ? [thrown.status, thrown.code] : [500, "gateway/internal"];
      if (status >= 500) log.error({ correlationId: request.id, error: describeError(thrown) }, "a socket failed");
      route.refused?.(
        wrap(raw, FRAME_LIMIT, async () => false),
        thrown,
      );
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
    const stillMay = holdRights(raw, { principal: request.principal, permission, bot }, current);
    raw.on("error", (error) => log.debug({ correlationId: request.id, error: describeError(error) }, "socket error"));
    if (owner === undefined) open(raw, request, query?.data, stillMay);
    else void openOwned(raw, request, query?.data, stillMay);
  });
}

function wrap(raw: WebSocket, frameLimit: number, stillMay: StillMay): Socket {
  let before: Promise<void> = Promise.resolve();
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
        // One after the other: what was said first is looked up and heard first.
        before = before.then(async () => {
          if (await stillMay()) listener(data.toString("utf8"));
        });
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

/** A close frame holds 123 bytes of reason; a code unit takes three at most. */
function closeReason(words: string): string {
  return Buffer.byteLength(words) <= 123 ? words : cutText(words, 41);
}
