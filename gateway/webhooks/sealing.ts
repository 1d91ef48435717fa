/** Encryption of secrets at rest, as webhooks need it. */
export interface WebhookSealing {
  /** `place` names column and row; what was sealed for one place opens at no other. */
  readonly seal: (plain: string, place: string) => Promise<string>;
  readonly open: (sealed: string, place: string) => Promise<string>;
}

/** Where the secret of an endpoint rests: both columns, since a secret moves from one to the other. */
export function secretPlace(endpoint: string): string {
  return `webhook_endpoints.secret:${endpoint}`;
}
