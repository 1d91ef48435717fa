/** Who proposed, decided and did what: append-only, chained by hash, its head signed. */
export { type Audit, type AuditOptions, createAudit } from "./audit.ts";
export type { AuditEntry } from "./entry.ts";
export type { AuditReport } from "./verify.ts";
