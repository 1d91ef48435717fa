/** What a call may need, in the words in which roles give it: `<resource>:<action>`. */

import { z } from "zod";

/** Every permission there is. A route names one of them; one that is missing here does not compile. */
export const Permission = z.enum([
  "account:manage",
  "actions:decide",
  "actions:read",
  "agents:read",
  "audit:read",
  "catalogue:read",
  "chat:use",
  "conversations:erase",
  "conversations:read",
  "conversations:write",
  "documents:read",
  "documents:write",
  "keys:manage",
  "keys:read",
  "metrics:read",
  "owners:manage",
  "preferences:read",
  "preferences:write",
  "recommendations:erase",
  "recommendations:read",
  "recommendations:write",
  "reference:read",
  "sessions:end",
  "sessions:read",
  "settings:read",
  "settings:write",
  "tickets:create",
  "tools:read",
  "tools:use",
  "trainings:start",
  "users:act-as",
  "users:manage",
  "users:read",
  "webhooks:manage",
  "webhooks:read",
]);
export type Permission = z.infer<typeof Permission>;

/**
 * What a route asks of its caller. `public` tells nothing about anybody; `signed` proves itself by a signature or a
 * secret that its handler checks, as the webhooks of platforms do.
 */
export type RoutePermission = Permission | "public" | "signed";
