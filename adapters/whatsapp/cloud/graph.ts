/** A small client of the Graph API: one try for each call (the framework retries), errors as send errors. */
import type { z } from "zod";
import { linkSignals, ParleyError } from "../../../adapter.ts";
import type { CloudSettings } from "../settings.ts";
import type { GraphFailure } from "./graph-errors.ts";
import { connectionErrorOf, isTokenFailure, readFailure, sendErrorOf } from "./graph-errors.ts";

export interface Graph {
  /** Calls and reads the answer. Throws the errors of `send-errors.ts`. */
  readonly call: <Answer>(path: string, options: CallOptions<Answer>) => Promise<Answer>;
  /** False since the API refused the token, until a call succeeds. */
  readonly tokenAccepted: () => boolean;
}

export interface CallOptions<Answer> {
  readonly answer: z.ZodType<Answer>;
  /** A POST with this JSON or form; a GET without. */
  readonly body?: object;
  readonly form?: FormData;
  readonly signal?: AbortSignal;
}

/** The Graph API answered that the call failed; `failure` says how. */
export class GraphError extends ParleyError {
  override readonly name = "GraphError";
  readonly failure: GraphFailure;

  constructor(failure: GraphFailure) {
    super("whatsapp/graph", `The Graph API refused a call (status ${failure.status}, code ${failure.code ?? "none"}).`);
    this.failure = failure;
  }
}

/** A client for one account. */
export function createGraph(settings: CloudSettings): Graph {
  const { accessToken, graphUrl, graphVersion, timeoutSeconds } = settings;
  const state = { tokenAccepted: true };
  const base = graphUrl.replace(/\/$/u, "");

  async function request(url: string, init: RequestInit, signal: AbortSignal | undefined): Promise<Response> {
    // It ends with its time and not with this call: the body of an answer is read later.
    const limit = linkSignals([signal], timeoutSeconds * 1_000);
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${accessToken.reveal()}`);
    let response: Response;
    try {
      response = await fetch(url, {
        ...init,
        headers,
        // The token goes to the address that was asked for and to no other.
        redirect: "error",
        signal: limit.signal,
      });
    } catch (thrown) {
      throw connectionErrorOf(thrown);
    }
    if (response.ok) {
      state.tokenAccepted = true;
      return response;
    }
    const failure = readFailure(response.status, await jsonOf(response), response.headers.get("retry-after"));
    if (isTokenFailure(failure)) state.tokenAccepted = false;
    throw sendErrorOf(failure, new GraphError(failure));
  }

  return {
    call: async (path, { answer, body, form, signal }) => {
      const post: RequestInit =
        body === undefined
          ? { method: form === undefined ? "GET" : "POST", ...(form === undefined ? {} : { body: form }) }
          : { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } };
      const response = await request(`${base}/${graphVersion}/${path}`, post, signal);
      const parsed = answer.safeParse(await jsonOf(response));
      if (parsed.success) return parsed.data;
      throw connectionErrorOf(parsed.error);
    },
    tokenAccepted: () => state.tokenAccepted,
  };
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    const value: unknown = JSON.parse(await response.text());
    return value;
  } catch {
    // No JSON, or cut off: the caller's schema says what that means.
    return undefined;
  }
}
