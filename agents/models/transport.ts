import { toError } from "../../core/errors.ts";
import { linkSignals } from "../../core/timing/signals.ts";
import { UnreachableError } from "./connection-errors.ts";
import { idleWatchdog, watchBody } from "./idle-watchdog.ts";
import { ModelAuthenticationError } from "./model-errors.ts";
import type { Timing } from "./timing.ts";

interface TransportOptions {
  /** Reads the key at each request, so that no object that may be logged holds it and a new key needs no restart. */
  readonly apiKey: () => string;
  readonly idleTimeoutMs: number;
  readonly timing: Timing;
}

type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * A `fetch` for the provider's client that adds the key and closes connections that go silent, before the answer
 * or in its middle. The client's own time limit ends with the headers and never notices a stalled stream.
 */
export function createTransport({ apiKey, idleTimeoutMs, timing }: TransportOptions): Fetch {
  return async (input, init = {}) => {
    const key = apiKey();
    if (key === "") {
      throw new ModelAuthenticationError("The model's API key is empty. Set the secret that the settings name.");
    }
    const headers = new Headers(init.headers);
    headers.delete("authorization");
    headers.set("x-api-key", key);
    const watchdog = idleWatchdog(idleTimeoutMs, timing);
    const { signal } = linkSignals([init.signal ?? undefined, watchdog.signal]);
    const response = await watchdog
      .guard(fetch(input, { ...init, headers, signal }))
      .catch((thrown: unknown) => rethrow(thrown, signal));
    if (response.body === null) return response;
    const { status, statusText } = response;
    return new Response(watchBody(response.body, watchdog), { status, statusText, headers: response.headers });
  };
}

function rethrow(thrown: unknown, signal: AbortSignal): never {
  if (signal.aborted) throw thrown;
  const cause = toError(thrown).cause;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "no connection";
  throw new UnreachableError(`The model's provider cannot be reached (${code}). Check network and base URL.`, {
    cause: thrown,
  });
}
