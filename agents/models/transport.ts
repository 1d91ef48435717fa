import { toError } from "../../core/errors.ts";
import { UnreachableError } from "./connection-errors.ts";
import { ModelAuthenticationError } from "./model-errors.ts";

interface TransportOptions {
  /** Reads the key at each request, so that no object that may be logged holds it and a new key needs no restart. */
  readonly apiKey: () => string;
}

type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** A `fetch` for the provider's client that adds the key, and says why nobody can be reached. */
export function createTransport({ apiKey }: TransportOptions): Fetch {
  return async (input, init = {}) => {
    const key = apiKey();
    if (key === "") {
      throw new ModelAuthenticationError("The model's API key is empty. Set the secret that the settings name.");
    }
    const headers = new Headers(init.headers);
    headers.delete("authorization");
    headers.set("x-api-key", key);
    return await fetch(input, { ...init, headers }).catch((thrown: unknown) => rethrow(thrown, init.signal));
  };
}

function rethrow(thrown: unknown, signal: AbortSignal | null | undefined): never {
  if (signal?.aborted === true) throw thrown;
  const cause = toError(thrown).cause;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "no connection";
  throw new UnreachableError(`The model's provider cannot be reached (${code}). Check network and base URL.`, {
    cause: thrown,
  });
}
