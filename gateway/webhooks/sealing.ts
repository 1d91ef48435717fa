/** Encryption of secrets at rest, as webhooks need it. */

/** Where a sealed text belongs: it opens at no other place. */
export interface SealedPlace {
  readonly table: "webhook_endpoints";
  readonly column: "secret" | "previousSecret";
  /** The endpoint's id. */
  readonly row: string;
}

export interface WebhookSealing {
  readonly seal: (place: SealedPlace, plain: string) => Promise<string>;
  /** Throws where the text was sealed elsewhere, or changed. */
  readonly open: (place: SealedPlace, sealed: string) => Promise<string>;
}

export function placeOf(endpoint: string, column: SealedPlace["column"] = "secret"): SealedPlace {
  return { table: "webhook_endpoints", column, row: endpoint };
}
