/**
 * Fetches a file from an address that came with a message.
 *
 * Such an address is not to be trusted: it may point into the own network, redirect there, or answer one name with two
 * addresses. So the host must be on the adapter's list at every hop, the network address is checked in the very lookup
 * that the connection uses, and a credential goes to the first host only.
 */
import { type IncomingMessage, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP } from "node:net";
import { lookupWith, type Resolve, type ResolvedAddress, systemResolve } from "../network/lookup.ts";
import type { Network } from "../network/network.ts";
import { type UrlRules, bareHost, checkUrl } from "./allowed-url.ts";
import {
  AttachmentExpiredError,
  AttachmentFetchError,
  AttachmentHostError,
  AttachmentTooLargeError,
} from "./errors.ts";
import { isLoopbackAddress, isPublicAddress } from "./public-address.ts";

export interface GuardedFetchOptions extends UrlRules {
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** Sent to the first host only, never to the target of a redirect on another host. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How the host is reached. @default directly */
  readonly network?: Network;
  /** @default the system's resolver */
  readonly lookup?: Resolve;
}

const MAX_REDIRECTS = 5;
const IDLE_TIMEOUT_MS = 15_000;

/**
 * The bytes behind an https address; read them to the end, or the connection stays open until the signal ends it.
 * Throws `attachment/host-not-allowed`, `attachment/too-large` (also while the bytes are read), `attachment/expired`
 * (404, 410) or `attachment/fetch-failed`.
 */
export async function guardedFetch(address: string, options: GuardedFetchOptions): Promise<AsyncIterable<Uint8Array>> {
  const first = checkUrl(address, options);
  let url = first;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await get(url, options, url.origin === first.origin);
    const status = response.statusCode ?? 0;
    const { location } = response.headers;
    if (status < 300 || status >= 400 || location === undefined) return read(response, status, options);
    response.destroy();
    url = checkUrl(location, options, url);
  }
  throw new AttachmentFetchError(`more than ${MAX_REDIRECTS} redirects`, false);
}

async function get(url: URL, options: GuardedFetchOptions, withHeaders: boolean): Promise<IncomingMessage> {
  const { signal, headers = {} } = options;
  signal.throwIfAborted();
  const host = bareHost(url);
  // The lookup is not asked about hosts that are addresses themselves.
  if (isIP(host) !== 0) checkAddress(host, options);
  const agent = options.network?.agentFor(url);
  if (agent !== undefined && isIP(host) === 0) await checkBeforeProxy(host, options);
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  return await new Promise<IncomingMessage>((resolve, reject) => {
    const request = send(url, {
      agent: agent ?? false,
      headers: withHeaders ? { ...headers } : {},
      lookup: lookupWith(checkedResolve(options)),
      signal,
    });
    request.setTimeout(IDLE_TIMEOUT_MS, () => request.destroy(new Error("no answer in time")));
    request.on("response", resolve);
    request.on("error", (error) => {
      if (signal.aborted) reject(signal.reason);
      else if (error instanceof AttachmentHostError) reject(error);
      else reject(new AttachmentFetchError(codeOf(error), true));
    });
    request.end();
  });
}

/** Answers with addresses that were checked, all of them: what is checked is what is connected to. */
function checkedResolve(options: GuardedFetchOptions): Resolve {
  return async (hostname) => {
    const addresses = await (options.lookup ?? systemResolve)(hostname);
    for (const { address } of addresses) checkAddress(address, options);
    return addresses;
  };
}

/**
 * A proxy looks the name up itself. What this machine knows of it is checked before the name is handed on; a name that
 * only the proxy can look up is its to check, and is on the adapter's list in any case.
 */
async function checkBeforeProxy(host: string, options: GuardedFetchOptions): Promise<void> {
  let addresses: readonly ResolvedAddress[];
  try {
    addresses = await (options.lookup ?? systemResolve)(host);
  } catch {
    return;
  }
  for (const { address } of addresses) checkAddress(address, options);
}

function checkAddress(address: string, options: GuardedFetchOptions): void {
  if (isPublicAddress(address)) return;
  if (options.allowLoopback === true && isLoopbackAddress(address)) return;
  throw new AttachmentHostError("its host is not on the public internet");
}

function read(response: IncomingMessage, status: number, options: GuardedFetchOptions): AsyncIterable<Uint8Array> {
  const { maxBytes, signal } = options;
  if (status !== 200) {
    response.destroy();
    if (status === 404 || status === 410) throw new AttachmentExpiredError();
    throw new AttachmentFetchError(`the platform answered ${status}`, status >= 500 || status === 429);
  }
  if (Number(response.headers["content-length"] ?? 0) > maxBytes) {
    response.destroy();
    throw new AttachmentTooLargeError(maxBytes);
  }
  return limited(response, maxBytes, signal);
}

async function* limited(
  response: AsyncIterable<Uint8Array>,
  maxBytes: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const chunk of response) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw new AttachmentTooLargeError(maxBytes);
      yield chunk;
    }
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof AttachmentTooLargeError) throw thrown;
    throw new AttachmentFetchError(codeOf(thrown), true);
  }
}

/** A system error's code; its message may hold the address. */
function codeOf(thrown: unknown): string {
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  return /^[A-Z][A-Z0-9_]+$/.test(code) ? code : "the connection failed";
}
