/** What people want of a service desk, whatever its business is: a complaint that is recorded, with a number. */
import type { ToolPackFactory } from "../../core/bot.ts";
import { complaintTables } from "./complaint-table.ts";

export { type Complaint, openComplaints } from "./complaints.ts";

/** Gives a bot the tool `record_complaint`. Admins read what was recorded with `parley complaints`. */
export function support(): ToolPackFactory {
  return {
    name: "support",
    summary: {},
    tables: async () => [complaintTables],
    open: async ({ bot, databases, environment }) => {
      const { openComplaints } = await import("./complaints.ts");
      const { recordComplaint } = await import("./record-complaint.ts");
      const complaints = await openComplaints(databases);
      return {
        tools: [recordComplaint({ bot: bot.id, complaints, clock: environment.clock })],
        kept: async (person) => await complaints.of(bot.id, person),
        forget: async (person) => await complaints.forget(bot.id, person),
        close: complaints.close,
      };
    },
  };
}
