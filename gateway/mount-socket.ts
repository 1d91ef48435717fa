import type { FastifyInstance } from "fastify";
import type { WebSocket } from "ws";
import { describeError } from "../core/errors.ts";
import type { Socket, SocketRoute } from "../core/http.ts";
import { callerOf } from "./access-token.ts";
import type { GatewayOptions } from "./options.ts";
import { cutText } from "../core/text/cut.ts";

/** A client that does not read is cut off when this much waits for it. */
const SEND_BUFFER_LIMIT = 1024 * 1024;
/** Largest frame where an endpoint names no other limit, in bytes. */
export const FRAME_LIMIT = 256 * 1024;
const PING_MS = 25_000;

/** Mounts one WebSocket endpoint. */
export function mountSocket(server: FastifyInstance, route: SocketRoute, options: GatewayOptions): void {
  const { log } = options;
  server.get(route.path, { websocket: true, config: { isSocket: true } }, (raw: WebSocket, request) => {
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers)) {
      if (typeof value === "string") headers.set(name, value);
    }
    const query = route.query?.safeParse(request.query);
    if (query?.success === false) {
      raw.close(1008, closeReason(`query: ${query.error.issues[0]?.message ?? "does not fit"}`));
      return;
    }
    keepAlive(raw);
    raw.on("error", (error) => log.debug({ correlationId: request.id, error: describeError(error) }, "socket error"));
    route.open(wrap(raw, route.frameLimit ?? FRAME_LIMIT), {
      query: query?.data,
      headers,
      caller: callerOf(request, options),
    });
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

/** A close frame holds 123 bytes of reason; a code unit takes three at most. */
function closeReason(words: string): string {
  return Buffer.byteLength(words) <= 123 ? words : cutText(words, 41);
}
