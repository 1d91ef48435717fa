import type { KeptTables } from "../../core/store/databases.ts";
import { auditModule } from "../audit/tables.ts";
import { proposalModule } from "../confirmation/proposal-module.ts";

/** The proposals and the audit of every bot. */
export const actionTables: KeptTables = { file: "actions.db", modules: [proposalModule, auditModule] };
