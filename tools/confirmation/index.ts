/**
 * No money moves unless its requester confirmed exactly it. A proposal is stored by the server, shown by code, bound
 * to its requester and conversation, used once, and expires. Reading order: `proposals` → `decision` (what an event
 * says) → `decide-proposal` → `execution`.
 */
export { createConfirmations } from "./confirmations.ts";
export { createExecution, type Execution } from "./execution.ts";
export { proposalOf } from "./proposal-record.ts";
export { type Origin, textsFor } from "./texts.ts";
export { createProposalKeeping } from "./keeping.ts";
export { proposalModule } from "./proposal-module.ts";
export type { ProposalStorage } from "./proposal-storage.ts";
export { findReplayed, storeProposal } from "./proposals.ts";
export type { ToolAccess } from "./tool-access.ts";
