/**
 * No money moves unless its requester confirmed exactly it. A proposal is stored by the server, shown by code, bound
 * to its requester and conversation, used once, and expires. Reading order: `proposals` → `decision` (what an event
 * says) → `decide-proposal` → `execution`.
 */
export { createConfirmations } from "./confirmations.ts";
export { createExecution } from "./execution.ts";
export { proposalOf } from "./proposal-record.ts";
export { createProposalKeeping } from "./keeping.ts";
export { createProposalTable } from "./proposal-table.ts";
export { findReplayed, type ProposalStorage, storeProposal } from "./proposals.ts";
export type { ToolAccess } from "./tool-access.ts";
