import { ParleyError } from "../core/errors.ts";
import type { HttpRoute, SocketRoute } from "../core/http.ts";
import { Permission } from "../core/permission.ts";

const KNOWN: ReadonlySet<string> = new Set([...Permission.options, "public", "signed"]);

/**
 * Refuses to start with a route that names no permission that there is: an adapter or a tool pack may be written in
 * JavaScript, where nothing else would notice.
 */
export function checkRoutes(routes: readonly HttpRoute[], sockets: readonly SocketRoute[]): void {
  const named = [
    ...routes.map(({ method, path, permission }) => ({ call: `${method} ${path}`, permission })),
    ...sockets.map(({ path, permission }) => ({ call: `WebSocket ${path}`, permission })),
  ];
  const wrong = named.find(({ permission }) => !KNOWN.has(permission));
  if (wrong === undefined) return;
  throw new ParleyError(
    "gateway/route-without-permission",
    `${wrong.call} names no permission that there is (${JSON.stringify(wrong.permission)}). Give its route one of core/permission.ts: "public" where it tells nothing about anybody, "signed" where it proves itself.`,
  );
}
