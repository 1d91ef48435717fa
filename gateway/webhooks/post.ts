/** One call of an endpoint: bounded in time and size, to an address that was checked, without following anything. */
import { type IncomingMessage, request as httpRequest, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP } from "node:net";
import { bareHost } from "../../core/attachments/allowed-url.ts";
import type { Clock } from "../../core/environment.ts";
import { lookupWith, type Resolve, systemResolve } from "../../core/network/lookup.ts";
import type { Network } from "../../core/network/network.ts";
import { within } from "../../core/timing/deadline.ts";
import { checkDestination, type Destination, type DestinationRules } from "./destination.ts";
import { WebhookAddressError } from "./errors.ts";

export interface PostOptions {
  readonly rules: DestinationRules;
  readonly network: Network;
  /** @default the system's resolver */
  readonly resolve?: Resolve;
  /** For the look-up, the connection and the head of the answer. @default 15_000 */
  readonly timeoutMs?: number;
  readonly clock: Clock;
}

export interface Call {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came of a call. */
export interface Answer {
  readonly status: number | undefined;
  /** Why it counts as failed, without the address or anything that the receiver said; undefined where it arrived. */
  readonly error: string | undefined;
  readonly retryAfterMs: number | undefined;
}

const TIMEOUT_MS = 15_000;
/** What an answer may say, and how long: nobody reads it. */
const MOST_ANSWER_BYTES = 64 * 1024;
const ANSWER_MS = 2_000;
const MOST_HEADER_BYTES = 16 * 1024;
const DAY_MS = 86_400_000;

export type Post = (call: Call) => Promise<Answer>;

/** Makes the caller. It never rejects: whatever goes wrong is an answer. */
export function createPost({
  rules,
  network,
  resolve = systemResolve,
  timeoutMs = TIMEOUT_MS,
  clock,
}: PostOptions): Post {
  return async (call) => {
    try {
      const done = await within(
        async (signal) => await open(call, await checkDestination(call.url, rules, resolve), { network, signal }),
        { ms: timeoutMs },
      );
      return done === undefined ? failed(`no answer within ${timeoutMs} ms`) : await conclude(done.value, clock());
    } catch (thrown) {
      return failed(thrown instanceof WebhookAddressError ? thrown.message : codeOf(thrown));
    }
  };
}

/** Resolves with the head of the answer. */
async function open(
  { headers, body }: Call,
  { url, addresses }: Destination,
  { network, signal }: Pick<PostOptions, "network"> & { readonly signal: AbortSignal },
): Promise<IncomingMessage> {
  const agent = network.agentFor(url);
  const [first] = addresses;
  // A proxy is asked for the address: given the name, it would look that up again.
  const way: RequestOptions =
    agent === undefined
      ? { agent: false, host: bareHost(url), lookup: lookupWith(async () => addresses) }
      : { agent, host: first.address };
  const options = {
    ...way,
    method: "POST",
    port: url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port),
    path: `${url.pathname}${url.search}`,
    headers: { ...headers, host: url.host, "content-length": String(Buffer.byteLength(body)) },
    maxHeaderSize: MOST_HEADER_BYTES,
    signal,
    // The certificate has to be that of the name, also where the connection goes to an address.
    ...(isIP(bareHost(url)) === 0 ? { servername: bareHost(url) } : {}),
  };
  const request = url.protocol === "https:" ? httpsRequest(options) : httpRequest(options);
  return await new Promise<IncomingMessage>((answered, reject) => {
    request.on("response", answered);
    request.on("error", reject);
    request.end(body);
  });
}

/** What the head says counts. A receiver that is cut off while it answers might take that for a caller who went away. */
async function conclude(response: IncomingMessage, now: number): Promise<Answer> {
  const status = response.statusCode ?? 0;
  try {
    if (status < 200 || status > 299)
      return { status, error: reasonOf(status), retryAfterMs: pauseOf(response.headers["retry-after"], now) };
    await within(async () => await drain(response), { ms: ANSWER_MS });
    return { status, error: undefined, retryAfterMs: undefined };
  } finally {
    response.destroy();
  }
}

/** Reads to the end or the limit. It has arrived, whatever becomes of the rest. */
async function drain(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      bytes += chunk.byteLength;
      if (bytes > MOST_ANSWER_BYTES) return;
    }
  } catch {
    return;
  }
}

function reasonOf(status: number): string {
  return status >= 300 && status < 400 ? `answered ${status}; redirects are not followed` : `answered ${status}`;
}

/** Seconds or a date, at most a day. */
function pauseOf(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d{1,9}$/u.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, DAY_MS) : undefined;
}

function failed(error: string): Answer {
  return { status: undefined, error, retryAfterMs: undefined };
}

/** A system error's code; its message may hold the address. */
function codeOf(thrown: unknown): string {
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  return /^[A-Z][A-Z0-9_]+$/u.test(code) ? code : "the connection failed";
}
