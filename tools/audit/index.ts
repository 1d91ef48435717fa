/** Who proposed, decided and did what: append-only, chained by hash, its head signed. */
export { type Audit, createAudit } from "./audit.ts";
export type { FullReport } from "./verify-all.ts";
export { type AuditEntry, type AuditFacts, NOBODY } from "./entry.ts";
