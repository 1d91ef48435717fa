/**
 * Every call of the product with what it must ask of its caller, written down by hand: not read from the roles or the
 * routes, so that a change of either is noticed.
 */
import type { HttpRoute } from "../../core/http.ts";
import type { RoutePermission } from "../../core/permission.ts";
import type { Role } from "../../gateway/access/roles.ts";

/** `any`: everybody's objects. `own`: their own. `no`: refused. */
export type Reach = "any" | "own" | "no";

export interface ExpectedCall {
  readonly method: HttpRoute["method"] | "WS";
  readonly path: string;
  readonly permission: RoutePermission;
  /**
   * Whose object it is. `session`: of the session that is named in the path, the query or the body; a guest's or a front
   * end's by its id alone. `user`: of the user that is named. `none`: nobody's in particular.
   */
  readonly owner: "session" | "user" | "none";
  readonly reach: Readonly<Record<Role, Reach>>;
  /** Whoever sends the access token, or nothing where none is asked for. */
  readonly client: Reach;
}

/** In the order: owner, admin, moderator, analyst, auditor, customer; then the front end with the access token. */
type Row = readonly [
  call: `${ExpectedCall["method"]} ${string}`,
  permission: RoutePermission,
  owner: ExpectedCall["owner"],
  reach: `${Reach} ${Reach} ${Reach} ${Reach} ${Reach} ${Reach}`,
  client: Reach,
];

const EVERYBODY = "any any any any any any";

const ROWS: readonly Row[] = [
  // Chat (adapters/web)
  ["POST /api/v1/chat", "chat:use", "session", "own own own own own own", "own"],
  ["GET /api/v1/chat/messages/:messageId", "conversations:read", "session", "any any any own own own", "own"],
  ["GET /api/v1/chat/history", "conversations:read", "session", "any any any own own own", "own"],
  ["DELETE /api/v1/chat/session", "conversations:erase", "session", "any any own own own own", "own"],
  ["POST /api/v1/chat/attachments", "chat:use", "session", "own own own own own own", "own"],
  ["GET /api/v1/chat/files/:key", "conversations:read", "session", "any any any own own own", "own"],
  ["GET /api/v1/actions", "actions:read", "session", "any any own own any own", "own"],
  ["POST /api/v1/actions/confirm", "actions:decide", "session", "own own own own own own", "own"],
  ["POST /api/v1/actions/cancel", "actions:decide", "session", "own own own own own own", "own"],
  ["GET /api/v1/sessions/:id", "sessions:read", "session", "any any any own own own", "own"],
  ["POST /api/v1/sessions/:id/reset", "sessions:end", "session", "any any any own own own", "own"],
  ["WS /api/v1/chat/stream", "chat:use", "session", "own own own own own own", "own"],
  // Recommendations (tools/recommend)
  ["GET /api/v1/recommendations/products/:userId", "recommendations:read", "user", "any any own any own own", "no"],
  ["GET /api/v1/recommendations/session/:sessionId", "recommendations:read", "none", "any any no any no no", "no"],
  [
    "GET /api/v1/recommendations/similar-products/:productId",
    "recommendations:read",
    "user",
    "any any own any own own",
    "no",
  ],
  ["GET /api/v1/recommendations/popular", "catalogue:read", "none", EVERYBODY, "any"],
  ["POST /api/v1/recommendations/interactions", "recommendations:write", "none", "any any no no no no", "no"],
  ["POST /api/v1/recommendations/refresh-model", "trainings:start", "none", "any any no no no no", "no"],
  ["DELETE /api/v1/recommendations/users/:userId", "recommendations:erase", "user", "any any own own own own", "no"],
  // Logging in, and what is one's own (gateway/identity): no token of a program has it
  ["POST /api/v1/auth/login", "public", "none", EVERYBODY, "any"],
  ["POST /api/v1/auth/login/second-factor", "public", "none", EVERYBODY, "any"],
  ["POST /api/v1/auth/login/passkey/options", "public", "none", EVERYBODY, "any"],
  ["POST /api/v1/auth/login/passkey", "public", "none", EVERYBODY, "any"],
  ["POST /api/v1/auth/refresh", "public", "none", EVERYBODY, "any"],
  ["POST /api/v1/auth/first-owner", "public", "none", EVERYBODY, "any"],
  ["POST /api/v1/auth/password", "public", "none", EVERYBODY, "any"],
  ["GET /api/v1/auth/openid", "public", "none", EVERYBODY, "any"],
  ["GET /api/v1/auth/openid/callback", "public", "none", EVERYBODY, "any"],
  ["POST /api/v1/auth/logout", "account:manage", "none", EVERYBODY, "no"],
  ["POST /api/v1/auth/logout-everywhere", "account:manage", "none", EVERYBODY, "no"],
  ["GET /api/v1/me", "account:manage", "none", EVERYBODY, "no"],
  ["PATCH /api/v1/me", "account:manage", "none", EVERYBODY, "no"],
  ["PUT /api/v1/me/password", "account:manage", "none", EVERYBODY, "no"],
  ["GET /api/v1/me/sessions", "account:manage", "none", EVERYBODY, "no"],
  ["DELETE /api/v1/me/sessions/:id", "account:manage", "none", EVERYBODY, "no"],
  ["GET /api/v1/me/factors", "account:manage", "none", EVERYBODY, "no"],
  ["POST /api/v1/me/totp", "account:manage", "none", EVERYBODY, "no"],
  ["POST /api/v1/me/totp/confirm", "account:manage", "none", EVERYBODY, "no"],
  ["POST /api/v1/me/totp/remove", "account:manage", "none", EVERYBODY, "no"],
  ["POST /api/v1/me/recovery-codes", "account:manage", "none", EVERYBODY, "no"],
  ["POST /api/v1/me/passkeys/options", "account:manage", "none", EVERYBODY, "no"],
  ["POST /api/v1/me/passkeys", "account:manage", "none", EVERYBODY, "no"],
  ["POST /api/v1/me/passkeys/:id/remove", "account:manage", "none", EVERYBODY, "no"],
  ["POST /api/v1/me/contact", "account:manage", "none", EVERYBODY, "no"],
  ["POST /api/v1/me/contact/confirm", "account:manage", "none", EVERYBODY, "no"],
  ["POST /api/v1/me/contact/remove", "account:manage", "none", EVERYBODY, "no"],
  // Users, keys, alerts (gateway/identity)
  ["GET /api/v1/users", "users:read", "none", "any any no no any no", "no"],
  ["GET /api/v1/users/:id", "users:read", "none", "any any no no any no", "no"],
  ["POST /api/v1/users", "users:manage", "none", "any any no no no no", "no"],
  ["DELETE /api/v1/users/:id", "users:manage", "none", "any any no no no no", "no"],
  ["POST /api/v1/users/:id/roles", "users:manage", "none", "any any no no no no", "no"],
  ["DELETE /api/v1/users/:id/roles", "users:manage", "none", "any any no no no no", "no"],
  ["POST /api/v1/users/:id/disable", "users:manage", "none", "any any no no no no", "no"],
  ["POST /api/v1/users/:id/enable", "users:manage", "none", "any any no no no no", "no"],
  ["POST /api/v1/users/:id/sign-out", "users:manage", "none", "any any no no no no", "no"],
  ["POST /api/v1/users/:id/reset-second-factor", "users:manage", "none", "any any no no no no", "no"],
  ["POST /api/v1/users/:id/password-link", "users:manage", "none", "any any no no no no", "no"],
  ["GET /api/v1/keys", "keys:read", "user", "any any own own any own", "no"],
  ["POST /api/v1/keys", "keys:manage", "user", "any any own own own own", "no"],
  ["DELETE /api/v1/keys/:id", "keys:manage", "user", "any any own own own own", "no"],
  ["GET /api/v1/alerts", "audit:read", "none", "any any no no any no", "no"],
  // What there is in the installation (gateway/services)
  ["GET /api/v1/sessions", "sessions:read", "none", "any any any no no no", "no"],
  ["GET /api/v1/sessions/history", "conversations:read", "none", "any any any no no no", "no"],
  ["GET /api/v1/actions/history", "actions:read", "none", "any any no no any no", "no"],
  ["POST /api/v1/sessions/end", "sessions:end", "none", "any any any no no no", "no"],
  ["GET /api/v1/preferences/:userId", "preferences:read", "user", "any any own own own own", "no"],
  ["PUT /api/v1/preferences/:userId", "preferences:write", "user", "any any own own own own", "no"],
  ["GET /api/v1/agents", "agents:read", "none", "any any any any any no", "no"],
  ["GET /api/v1/tools", "tools:read", "none", "any any any any any no", "no"],
  // Webhooks (gateway/webhooks)
  ["GET /api/v1/webhooks", "webhooks:read", "none", "any any no no any no", "no"],
  ["POST /api/v1/webhooks", "webhooks:manage", "none", "any any no no no no", "no"],
  ["GET /api/v1/webhooks/:id", "webhooks:read", "none", "any any no no any no", "no"],
  ["PATCH /api/v1/webhooks/:id", "webhooks:manage", "none", "any any no no no no", "no"],
  ["DELETE /api/v1/webhooks/:id", "webhooks:manage", "none", "any any no no no no", "no"],
  ["POST /api/v1/webhooks/:id/rotate-secret", "webhooks:manage", "none", "any any no no no no", "no"],
  ["POST /api/v1/webhooks/:id/ping", "webhooks:manage", "none", "any any no no no no", "no"],
  ["GET /api/v1/webhooks/:id/deliveries", "webhooks:read", "none", "any any no no any no", "no"],
  ["GET /api/v1/webhooks/:id/deliveries/:delivery", "webhooks:read", "none", "any any no no any no", "no"],
  ["POST /api/v1/webhooks/:id/deliveries/:delivery/resend", "webhooks:manage", "none", "any any no no no no", "no"],
  // Documents (tools/rag)
  ["GET /api/v1/documents", "documents:read", "none", EVERYBODY, "any"],
  ["GET /api/v1/documents/:id", "documents:read", "none", EVERYBODY, "any"],
  ["GET /api/v1/documents/search", "documents:read", "none", EVERYBODY, "any"],
  // The gateway's own
  ["POST /api/v1/tickets", "tickets:create", "none", EVERYBODY, "any"],
  ["GET /metrics", "metrics:read", "none", "any any no any no no", "any"],
  ["GET /health/live", "public", "none", EVERYBODY, "any"],
  ["GET /health/ready", "public", "none", EVERYBODY, "any"],
  // Not listed in OpenAPI: pages, files of pages, what others call
  ["GET /openapi.json", "reference:read", "none", EVERYBODY, "any"],
  ["GET /docs", "reference:read", "none", EVERYBODY, "any"],
  ["GET /docs/assets/:version/:file", "public", "none", EVERYBODY, "any"],
  ["GET /account/:page", "public", "none", EVERYBODY, "any"],
  ["GET /account/login", "public", "none", EVERYBODY, "any"],
  ["GET /account/assets/login.js", "public", "none", EVERYBODY, "any"],
  ["GET /account/assets/account.js", "public", "none", EVERYBODY, "any"],
  ["GET /", "public", "none", EVERYBODY, "any"],
  ["GET /assets/:version/:file", "public", "none", EVERYBODY, "any"],
  ["GET /documents/harbour/:id", "documents:read", "none", EVERYBODY, "any"],
  ["POST /mcp", "tools:use", "none", EVERYBODY, "any"],
  ["GET /mcp", "tools:use", "none", EVERYBODY, "any"],
  ["DELETE /mcp", "tools:use", "none", EVERYBODY, "any"],
  ["POST /webhooks/telegram", "signed", "none", EVERYBODY, "any"],
  ["GET /webhooks/whatsapp", "signed", "none", EVERYBODY, "any"],
  ["POST /webhooks/whatsapp", "signed", "none", EVERYBODY, "any"],
  ["POST /webhooks/slack", "signed", "none", EVERYBODY, "any"],
  ["GET /webhooks/slack/install", "public", "none", EVERYBODY, "any"],
  ["GET /webhooks/slack/oauth/callback", "signed", "none", EVERYBODY, "any"],
];

/** Those that OpenAPI leaves out. */
export const HIDDEN = /^\/(?:$|account|assets|docs|documents|mcp|openapi\.json|webhooks)/u;

export const EXPECTED: readonly ExpectedCall[] = ROWS.map(([call, permission, owner, reach, client]) => {
  const [method, path] = splitCall(call);
  const [ofOwner, admin, moderator, analyst, auditor, customer] = splitReach(reach);
  return {
    method,
    path,
    permission,
    owner,
    reach: { owner: ofOwner, admin, moderator, analyst, auditor, customer },
    client,
  };
});

function splitCall(call: Row[0]): readonly [ExpectedCall["method"], string] {
  const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "WS"] as const;
  const method = methods.find((one) => call.startsWith(`${one} `)) ?? "GET";
  return [method, call.slice(method.length + 1)];
}

function splitReach(reach: string): readonly [Reach, Reach, Reach, Reach, Reach, Reach] {
  const at = (index: number): Reach => {
    const word = reach.split(" ")[index];
    return word === "any" || word === "own" ? word : "no";
  };
  return [at(0), at(1), at(2), at(3), at(4), at(5)];
}
