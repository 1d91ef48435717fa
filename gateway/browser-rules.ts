/** What browsers are told of this server: whose pages may call it (CORS), and what its own pages may load (CSP). */
import cors from "@fastify/cors";
import helmet from "@fastify/helmet";
import type { FastifyInstance } from "fastify";

const PREFLIGHT_SECONDS = 600;
const YEAR_SECONDS = 31_536_000;

export interface BrowserRules {
  /** Origins whose pages may call it, such as `https://app.example.com`. */
  readonly corsOrigins: readonly string[];
  /** Sources that pages may load from besides this server, by directive of the Content-Security-Policy. */
  readonly contentSources: Readonly<Record<string, readonly string[]>>;
  /** Sites that may show its pages in a frame. */
  readonly frameAncestors: readonly string[];
}

export const DEFAULT_BROWSER_RULES: BrowserRules = { corsOrigins: [], contentSources: {}, frameAncestors: [] };

/** Pages bring a policy of their own where they need less, such as the chat page. */
export async function tellBrowsers(
  server: FastifyInstance,
  { corsOrigins, contentSources, frameAncestors }: BrowserRules,
  isTls: boolean,
): Promise<void> {
  const directives: Record<string, string[]> = {
    "default-src": ["'self'"],
    "script-src": ["'self'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "font-src": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'self'", ...frameAncestors],
  };
  for (const [name, sources] of Object.entries(contentSources).filter(([, added]) => added.length > 0))
    directives[name] = [...(directives[name] ?? ["'self'"]), ...sources];
  await server.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives },
    strictTransportSecurity: isTls ? { maxAge: YEAR_SECONDS, includeSubDomains: false } : false,
    // A frame's policy is said above, for several sites; this header knows one at most.
    ...(frameAncestors.length > 0 ? { frameguard: false } : {}),
  });
  if (corsOrigins.length === 0) return;
  await server.register(cors, {
    origin: [...corsOrigins],
    methods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
    allowedHeaders: ["authorization", "content-type", "idempotency-key", "if-none-match"],
    exposedHeaders: ["etag", "idempotency-replayed", "location", "retry-after", "x-request-id"],
    // Cookies are for this server's own pages; those of others send a token.
    credentials: false,
    maxAge: PREFLIGHT_SECONDS,
  });
}
