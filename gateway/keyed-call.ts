/** A call that carries an `Idempotency-Key`: done once, and answered the same again. */
import { createHash } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { InvalidInputError, ParleyError } from "../core/errors.ts";
import type { HttpRoute } from "../core/http.ts";
import { toProblem } from "./problem.ts";
import type { Kept, KeptAnswer, KeyedCall } from "./state/calls.ts";
import type { GatewayState } from "./state/index.ts";

const KeptHeaders = z.record(z.string(), z.string());
const LONGEST_KEY = 255;
/** Guests are many under one name: a short key of one could be another's too, and give them its answer. */
const SHORTEST_KEY_OF_GUESTS = 20;
const LARGEST_KEPT = 1024 * 1024;
/** Headers that say something of the answer; the others say something of its way. */
const KEPT_HEADERS = ["content-type", "location", "retry-after", "cache-control", "etag"];
/** Refused for what may be different next time, although nothing else is sent. */
const PASSING = new Set([401, 403, 408, 409, 425, 429]);

/** How a call is run under its key: as it is where it has none. The id is the same for every attempt. */
export async function runKeyed(
  request: FastifyRequest,
  { route, state }: { readonly route: HttpRoute; readonly state: GatewayState | undefined },
  handle: (idempotencyId: string | undefined) => Promise<Response>,
): Promise<Response> {
  const key = keyOf(request, route);
  if (key === undefined) return await handle(undefined);
  if (state === undefined || (route.body === undefined && hasBody(request)))
    throw new InvalidInputError(
      "gateway/no-idempotency",
      "This call keeps no answers, so that an Idempotency-Key would promise what is not done. Leave it out.",
    );
  const call = identified(request, key);
  const run = async () => await handle(call.id);
  if (route.findsAnswer === true) {
    const ended = await state.calls.once(call, async () => ({ result: await run(), answer: FOUND_AGAIN }));
    return ended instanceof Response ? ended : replayed(await run());
  }
  const ended = await state.calls.once(call, async () => await kept(run, request.id));
  if ("error" in ended) throw ended.error;
  return ended instanceof Response ? ended : given(ended);
}

/** Reading changes nothing, and what is signed has ids of its own. */
function meansNothing(method: string, { permission, holdsSecrets }: HttpRoute): boolean {
  return method === "GET" || method === "HEAD" || permission === "signed" || holdsSecrets === true;
}

/** Undefined where there is none, or where it means nothing. */
function keyOf(request: FastifyRequest, route: HttpRoute): string | undefined {
  const key = request.headers["idempotency-key"];
  if (key === undefined || meansNothing(request.method, route)) return undefined;
  const shortest = isOneCaller(request) ? 1 : SHORTEST_KEY_OF_GUESTS;
  if (typeof key === "string" && key.length >= shortest && key.length <= LONGEST_KEY && /^[\x21-\x7e]+$/u.test(key))
    return key;
  throw new InvalidInputError(
    "gateway/idempotency-key",
    `An Idempotency-Key has ${shortest} to ${LONGEST_KEY} printable characters without spaces; a random UUID is a good one.`,
  );
}

function isOneCaller({ principal }: FastifyRequest): boolean {
  return principal?.kind === "user" || principal?.kind === "key";
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/** A key means something only to the caller that made it, and for one call. */
function identified(request: FastifyRequest, key: string): KeyedCall {
  const { principal, ip, method, url, routeOptions, body } = request;
  const who = principal?.id ?? "public";
  const caller = isOneCaller(request) ? who : `${who} ${ip}`;
  return {
    id: hashOf([caller, method, routeOptions.url ?? "", key]).slice(0, 32),
    caller: callerOf(caller),
    fingerprint: hashOf([url, JSON.stringify(body ?? null)]),
  };
}

/** All that is kept of a caller has this. */
const callerOf = (caller: string): string => hashOf([caller]);
/** What is kept of a user's calls. */
export const callerOfUser = (userId: string): string => callerOf(`user:${userId}`);

function hashOf(parts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest("base64url");
}

/** Of a call that finds its answer again, that it was done is all that is kept. */
const FOUND_AGAIN: KeptAnswer = { status: 200, headers: "{}", body: null };

function replayed(response: Response): Response {
  response.headers.set("idempotency-replayed", "true");
  return response;
}

/** A refusal that was decided. It is kept like an answer, and thrown where it first came up. */
interface Refused {
  readonly error: ParleyError;
}

async function kept(handle: () => Promise<Response>, correlationId: string): Promise<Kept<Response | Refused>> {
  try {
    const response = await handle();
    return await keptResponse(response);
  } catch (thrown) {
    // What broke may work next time, under the same id.
    if (!(thrown instanceof ParleyError) || thrown.retryable || thrown.status >= 500 || PASSING.has(thrown.status))
      throw thrown;
    const headers = JSON.stringify({ "content-type": "application/problem+json" });
    const body = JSON.stringify(toProblem(thrown, correlationId));
    return { result: { error: thrown }, answer: { status: thrown.status, headers, body } };
  }
}

async function keptResponse(response: Response): Promise<Kept<Response>> {
  const { status, headers } = response;
  if (status >= 500 || PASSING.has(status)) return { result: response, answer: undefined };
  const named = KEPT_HEADERS.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  const told = JSON.stringify(Object.fromEntries(named));
  const type = headers.get("content-type") ?? "";
  // A stream is given once, as it comes.
  if (response.body !== null && !type.includes("json"))
    return { result: response, answer: { status, headers: told, body: null } };
  const body = await response.text();
  const answer: KeptAnswer = { status, headers: told, body: body.length > LARGEST_KEPT ? null : body };
  return { result: new Response(body === "" ? null : body, { status, headers }), answer };
}

function given({ status, headers, body }: KeptAnswer): Response {
  if (body === null)
    throw new ParleyError(
      "gateway/answer-not-kept",
      "This call was done before; its answer is too large to be kept. Read what it made.",
      { status: 409 },
    );
  const told = new Headers(KeptHeaders.parse(JSON.parse(headers)));
  return replayed(new Response(body === "" ? null : body, { status, headers: told }));
}
