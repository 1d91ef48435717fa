/** What a call may need, in the words in which roles give it: `<resource>:<action>`. */

/** Every permission there is. A route names one of them; one that is missing here does not compile. */
export const PERMISSIONS = [
  "conversations:read",
  "conversations:write",
  "conversations:delete",
  "actions:read",
  "actions:decide",
  "attachments:read",
  "attachments:write",
  "documents:read",
  "documents:write",
  "documents:delete",
  "catalogue:read",
  "recommendations:read",
  "recommendations:write",
  "recommendations:train",
  "recommendations:erase",
  "agents:read",
  "agents:manage",
  "tools:read",
  "tools:use",
  "sessions:read",
  "sessions:manage",
  "users:read",
  "users:manage",
  "users:act-as",
  "keys:manage",
  "webhooks:manage",
  "settings:read",
  "settings:write",
  "platforms:manage",
  "audit:read",
  "metrics:read",
  "reference:read",
  "tickets:create",
] as const;

export type Permission = (typeof PERMISSIONS)[number];

/**
 * What a route asks of its caller. `public` tells nothing about anybody; `signed` proves itself by a signature or a
 * secret that its handler checks, as the webhooks of platforms do.
 */
export type RoutePermission = Permission | "public" | "signed";
