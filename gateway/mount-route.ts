import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { checkSettings } from "../core/config/check-settings.ts";
import { InvalidInputError, ParleyError } from "../core/errors.ts";
import type { HttpRequest, HttpRoute } from "../core/http.ts";
import { callerOf, type Guard } from "./access/guard.ts";
import { cacheControlOf, entityTag, isKnown } from "./cached-answer.ts";
import { runKeyed } from "./keyed-call.ts";
import type { GatewayOptions } from "./options.ts";

interface Parts {
  readonly guard: Guard;
  readonly state: GatewayOptions["state"] | undefined;
}

/** Mounts one route: validation, owner and idempotency key before it, its web-standard answer after it. */
export function mountRoute(server: FastifyInstance, route: HttpRoute, { guard, state }: Parts): void {
  const ofBot = route.bot ?? route.sharedBy?.bot;
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const aborted = new AbortController();
    reply.raw.once("close", () => {
      if (!reply.raw.writableFinished) aborted.abort();
    });
    try {
      const call: HttpRequest = {
        parameters: validated(route.parameters, request.params, "path"),
        query: guard.withBot(request, route, validated(route.query, request.query, "query")),
        body: validated(route.body, request.body, "body"),
        raw: toWebRequest(request, route),
        correlationId: request.id,
        caller: callerOf(request),
        signal: aborted.signal,
      };
      await guard.requireOwner(request, { owner: route.owner, bot: ofBot, demands: route.demands }, call);
      const response = await runKeyed(
        request,
        { route, state },
        async (idempotencyId) => await route.handle(idempotencyId === undefined ? call : { ...call, idempotencyId }),
      );
      return await answer(reply, response, { request, route });
    } finally {
      // What is left of a refused body is not read to its end: it may have none.
      if (!request.raw.readableEnded && request.raw.readable) reply.header("connection", "close");
    }
  };
  const { permission, perMinute, bodyLimit, holdsSecrets } = route;
  server.register(async (scope) => {
    // Routes without a body schema read the bytes themselves (uploads, signed webhooks): nothing may parse them first.
    if (route.body === undefined && route.method !== "GET") {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser("*", async (_request: FastifyRequest, payload: unknown) => payload);
    }
    scope.route({
      method: route.method,
      url: route.path,
      handler,
      config: {
        permission,
        perMinute,
        isOwned: route.owner !== undefined,
        ...(typeof ofBot === "function" || route.demands !== undefined ? { isBotAsked: true } : { bot: ofBot }),
      },
      ...(bodyLimit === undefined ? {} : { bodyLimit }),
      // Beside something that a caller chose, the length of a compressed secret tells of it (BREACH).
      ...(holdsSecrets === true ? { compress: false } : {}),
    });
  });
}

function validated(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (schema === undefined) return undefined;
  const checked = checkSettings(schema, value ?? {}, { at: [where], noun: "field", byShape: true });
  if ("data" in checked) return checked.data;
  // Without what was found there: it may be a secret, and stand in a log.
  const issues = checked.issues.map(({ path, message, fix = "" }) => ({
    path,
    message: fix.startsWith("Did you mean ") ? `${message}. ${fix.replace(/\?.*$/u, "?")}` : message,
  }));
  const first = issues.map(({ path, message }) => `${path}: ${message}`).join("; ");
  throw new InvalidInputError("gateway/invalid-request", `The ${where} does not fit: ${first}`, issues);
}

function toWebRequest(request: FastifyRequest, route: HttpRoute): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  const url = calledUrl(request);
  const { method, body } = request;
  if (route.body !== undefined || !(body instanceof Readable)) return new Request(url, { method, headers });
  const bytes = ReadableStream.from<Uint8Array>(boundedBody(request, body));
  return new Request(url, { method, headers, body: bytes, duplex: "half" });
}

/** By the connection and the Host header alone: a target may name a protocol and a host of its own (`POST https://… HTTP/1.1`). */
function calledUrl({ protocol, headers, url }: FastifyRequest): URL {
  const path = url.replace(/^[^/?]*:\/\/[^/?]*/u, "");
  // Probes and webhooks are answered whatever host they name.
  const called = `${protocol}://${headers.host ?? ""}`;
  const host = URL.canParse(called) ? new URL(called).host : "localhost";
  return new URL(`${protocol}://${host}${path.startsWith("/") ? path : `/${path}`}`);
}

/** The server limits only bodies that it parses itself. What is over the route's limit is not read. */
async function* boundedBody({ headers, routeOptions }: FastifyRequest, body: Readable): AsyncGenerator<Uint8Array> {
  const { bodyLimit } = routeOptions;
  const tooLarge = (): ParleyError =>
    new ParleyError(
      "gateway/body-too-large",
      `The body is larger than ${bodyLimit} bytes, the most that is taken here.`,
      {
        status: 413,
      },
    );
  if (Number(headers["content-length"] ?? 0) > bodyLimit) throw tooLarge();
  let size = 0;
  // Not Readable.toWeb: when its stream is cancelled midway, the next chunk throws outside of every handler (Node 20).
  for await (const chunk of body.iterator({ destroyOnReturn: false })) {
    const bytes = z.instanceof(Uint8Array).parse(chunk);
    size += bytes.byteLength;
    if (size > bodyLimit) throw tooLarge();
    yield bytes;
  }
}

async function answer(
  reply: FastifyReply,
  response: Response,
  { request, route }: { readonly request: FastifyRequest; readonly route: HttpRoute },
): Promise<FastifyReply> {
  reply.status(response.status);
  for (const [name, value] of response.headers) reply.header(name, value);
  const cacheControl = cacheControlOf(response.headers, route);
  reply.header("cache-control", cacheControl);
  if (response.body === null) return await reply.send();
  const type = response.headers.get("content-type") ?? "";
  // A stream of events is sent as it comes.
  if (!/json|^text\/(?!event-stream)/u.test(type)) return await reply.send(Readable.fromWeb(response.body));
  const text = await response.text();
  const mayBeKept = request.method === "GET" && response.status === 200 && cacheControl !== "no-store";
  if (!mayBeKept) return await reply.send(text);
  const tag = response.headers.get("etag") ?? entityTag(text);
  reply.header("etag", tag);
  if (isKnown(tag, request.headers["if-none-match"]))
    return await reply.status(304).removeHeader("content-type").send();
  return await reply.send(text);
}
