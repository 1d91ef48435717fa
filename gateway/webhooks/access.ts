import type { HttpRequest } from "../../core/http.ts";

export type WebhookPermission = "webhooks:read" | "webhooks:manage";

/** Who may do what with a bot's webhooks. The part that knows roles and keys answers it. */
export interface WebhookAccess {
  /** Throws, and notes the denial, where the caller may not. */
  readonly demand: (
    request: HttpRequest,
    needed: { readonly permission: WebhookPermission; readonly bot: string },
  ) => Promise<void>;
  /** The bots there are. */
  readonly bots: () => readonly string[];
}
