/** Hands updates to a webhook: over HTTP, or straight to an adapter's routes in this process. */
import type { LocalPlatformOptions } from "../../../core/testing/index.ts";
import type { Push } from "./updates.ts";

const TIMEOUT_MS = 10_000;

export function createPush(webhook: LocalPlatformOptions["webhook"]): Push {
  return async (update, { url, secret }) => {
    const request = new Request(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(secret === undefined ? {} : { "x-telegram-bot-api-secret-token": secret }),
      },
      body: JSON.stringify(update),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    try {
      const response =
        webhook !== undefined && "routes" in webhook ? await dispatch(request, webhook.routes()) : await fetch(request);
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  };
}

type Routes = ReturnType<Extract<NonNullable<LocalPlatformOptions["webhook"]>, { routes: unknown }>["routes"]>;

async function dispatch(request: Request, routes: Routes): Promise<Response> {
  const route = routes.find(({ method, path }) => method === "POST" && path === new URL(request.url).pathname);
  if (route === undefined) return new Response(null, { status: 404 });
  return await route.handle({
    parameters: {},
    query: {},
    body: undefined,
    raw: request,
    correlationId: crypto.randomUUID(),
    signal: request.signal,
  });
}
