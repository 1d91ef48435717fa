/** What the gateway is made with. */
import { z } from "zod";
import type { HttpRoute, SocketRoute } from "../core/http.ts";
import type { Logger } from "../core/telemetry.ts";

/** Whether the process can do its work, part by part. */
export const Readiness = z.object({
  ready: z.boolean(),
  parts: z.array(z.object({ name: z.string(), state: z.string(), detail: z.string() })).readonly(),
});
export type Readiness = z.infer<typeof Readiness>;

export interface GatewayOptions {
  readonly host: string;
  readonly port: number;
  /** Host names by which this server is called besides its address, and whose pages may call it. */
  readonly hosts?: readonly string[];
  /** Proxies in front that may say for whom they call (`X-Forwarded-For`). @default 0 */
  readonly trustedProxies?: number;
  /** Callers must send it as a bearer token; health, webhooks and the chat page's shell stay open. */
  readonly accessToken?: () => string;
  /** Like the access token; whoever sends it may also say for which user it speaks. */
  readonly trustedToken?: () => string;
  readonly routes: readonly HttpRoute[];
  readonly sockets: readonly SocketRoute[];
  readonly readiness: () => Promise<Readiness>;
  readonly metrics: () => Promise<{ readonly contentType: string; readonly body: string }>;
  readonly version: string;
  readonly newId: () => string;
  readonly log: Logger;
  /** Requests per minute and address. @default 600 */
  readonly requestsPerMinute?: number;
}
