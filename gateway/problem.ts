/** Errors as problem details (RFC 9457): what happened, where, and the correlation id that logs and traces carry. */
import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { describeError, InvalidInputError, ParleyError, toError } from "../core/errors.ts";
import { publicDetail } from "../core/public-detail.ts";
import type { Logger } from "../core/telemetry.ts";
import { opensPage, problemPage } from "./problem-page.ts";

/** The body of every error answer. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  correlationId: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof Problem>;

/** Makes the server answer every error, its own included, as a problem: as JSON, or to browsers as a page. */
export function answerProblem(server: FastifyInstance, log: Logger): void {
  server.setErrorHandler(async (thrown: unknown, request, reply) => {
    const problem = toProblem(thrown, request.id);
    if (problem.status >= 500) log.error({ correlationId: request.id, error: describeError(thrown) }, "request failed");
    if (thrown instanceof ParleyError && thrown.retryAfterMs !== undefined) {
      reply.header("retry-after", Math.max(1, Math.ceil(thrown.retryAfterMs / 1000)));
    }
    if (problem.status === 401) reply.header("www-authenticate", 'Bearer realm="parley"');
    await send(request, reply, problem);
  });
  server.setNotFoundHandler(async (request: FastifyRequest, reply) => {
    const detail = `There is no ${request.method} ${request.url.split("?")[0] ?? ""}. The calls are listed at /docs.`;
    await send(request, reply, plainProblem(404, "gateway/not-found", detail, request.id));
  });
}

/** What the server library refuses before there is a route: an address that cannot be decoded, a parameter without end. */
export function answerFrameworkError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  void send(request, reply, plainProblem(400, "gateway/bad-request", error.message, request.id));
}

/** What is no HTTP at all. There is no request yet, so the answer is written as it travels. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, detail] = CLIENT_ERRORS[error.code ?? ""] ?? [400, "This is no HTTP request that can be read."];
  const problem = plainProblem(status, "gateway/malformed-http", detail, randomUUID());
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${status} ${problem.title}`,
    "content-type: application/problem+json",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

const CLIENT_ERRORS: Readonly<Record<string, readonly [number, string]>> = {
  HPE_HEADER_OVERFLOW: [431, "The header is too large."],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "The request did not arrive in time."],
};

/** Any thrown value as a problem. What is not deliberate says nothing of its inside. */
export function toProblem(thrown: unknown, correlationId: string): Problem {
  if (thrown instanceof ParleyError) {
    const errors = thrown instanceof InvalidInputError ? thrown.issues.map((issue) => ({ ...issue })) : [];
    return {
      type: `urn:parley:error:${thrown.code}`,
      title: titleOf(thrown.status),
      status: thrown.status,
      detail: publicDetail(thrown),
      code: thrown.code,
      correlationId,
      ...(errors.length > 0 ? { errors } : {}),
    };
  }
  const { status, code } = serverError(thrown);
  const detail =
    status < 500 ? toError(thrown).message : "Something failed here; the correlation id finds it in the log.";
  return plainProblem(status, code, detail, correlationId);
}

/** One that has no page of its own. */
function plainProblem(status: number, code: string, detail: string, correlationId: string): Problem {
  return { type: "about:blank", title: titleOf(status), status, detail, code, correlationId };
}

/** The server library's own errors carry a status: a body that is too large, JSON that does not parse. */
function serverError(thrown: unknown): { readonly status: number; readonly code: string } {
  const shape = z
    .object({ statusCode: z.number().int().min(400).max(599), code: z.string().optional() })
    .safeParse(thrown);
  if (!shape.success) return { status: 500, code: "gateway/internal" };
  return {
    status: shape.data.statusCode,
    code: KNOWN[shape.data.code ?? ""] ?? CODES[shape.data.statusCode] ?? "gateway/refused",
  };
}

const KNOWN: Readonly<Record<string, `gateway/${string}`>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "gateway/body-too-large",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "gateway/media-type",
  FST_ERR_CTP_EMPTY_JSON_BODY: "gateway/malformed-json",
  FST_ERR_CTP_INVALID_JSON_BODY: "gateway/malformed-json",
};
const CODES: Readonly<Record<number, `gateway/${string}`>> = {
  400: "gateway/bad-request",
  413: "gateway/body-too-large",
  429: "gateway/rate-limited",
};

function titleOf(status: number): string {
  const titles: Readonly<Record<number, string>> = {
    400: "Bad request",
    401: "Unauthorized",
    408: "Too late",
    421: "Misdirected",
    431: "Header too large",
    403: "Forbidden",
    404: "Not found",
    409: "Conflict",
    413: "Too large",
    415: "Unsupported media type",
    429: "Too many requests",
    503: "Not available now",
  };
  return titles[status] ?? (status < 500 ? "Refused" : "Internal error");
}

async function send({ method, headers, url }: FastifyRequest, reply: FastifyReply, problem: Problem): Promise<void> {
  reply.status(problem.status).header("cache-control", "no-store");
  if (opensPage({ method, accept: headers.accept }))
    await reply.type("text/html; charset=utf-8").send(problemPage(problem, url));
  else await reply.type("application/problem+json").send(problem);
}
