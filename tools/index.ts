/** What agents may do. Composition roots take what they need from here. */
export { proposalReply } from "../core/proposal-reply.ts";
export type { AuditReport } from "./audit/index.ts";
export { type BankOptions, bank } from "./banking/index.ts";
export type { ListedAction } from "./confirmation/index.ts";
export { type OpenToolset, type ToolsetOptions, createToolset } from "./registry/index.ts";
