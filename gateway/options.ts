/** What the gateway is made with. */
import { z } from "zod";
import type { HttpRoute, SocketRoute } from "../core/http.ts";
import type { Logger } from "../core/telemetry.ts";
import type { Denial, Identities } from "./access/principal.ts";
import type { BrowserRules } from "./browser-rules.ts";
import type { RequestLimits } from "./request-limits.ts";
import type { GatewayState } from "./state/index.ts";
import type { TlsOptions } from "./tls.ts";

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
  /** Proxies in front that may say for whom they call (`X-Forwarded-For`): how many, or which. @default 0 */
  readonly trustedProxies?: number | readonly string[];
  /** Left out, it speaks HTTP: behind a proxy that ends TLS, or on this machine alone. */
  readonly tls?: TlsOptions;
  /** Accounts, sessions and API keys. */
  readonly identities?: Identities;
  /** Whether callers that prove nothing may chat. @default true */
  readonly guests?: boolean;
  /** It serves health and metrics alone, which whoever reaches it may read. @default false */
  readonly isHealthOnly?: boolean;
  /** Hears of each refusal for want of a right. */
  readonly denied?: (denial: Denial) => void;
  /** What the gateways of an installation keep together. Without it there are no tickets, and idempotency keys are refused. */
  readonly state?: GatewayState;
  readonly browsers?: Partial<BrowserRules>;
  /** Answers are compressed where it is asked for and worth it. @default true */
  readonly compression?: boolean;
  /** Largest body of a call that names no other limit, in bytes. @default 1 MiB */
  readonly bodyLimit?: number;
  /** How long calls in hand may go on when it stops. @default 10 s */
  readonly drainMs?: number;
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
  readonly limits?: Partial<RequestLimits>;
}
