import type { InboundEvent } from "../../core/event.ts";
import type { ReplyDraft } from "../../core/reply.ts";
import type { ToolContext } from "../../core/tool.ts";
import { isInTime, isRequester, type ProposalRecord } from "./proposal-record.ts";
import { table } from "./proposal-table.ts";
import type { ProposalStorage } from "./proposal-storage.ts";
import type { ToolAccess } from "./tool-access.ts";

/** An event that may decide proposals, and its sender. */
export interface Handling {
  readonly storage: ProposalStorage;
  readonly tools: ToolAccess;
  readonly decide: (record: ProposalRecord | undefined, action: "confirm" | "cancel") => Promise<ReplyDraft>;
  readonly event: InboundEvent;
  readonly context: ToolContext;
}

/** What waits for the sender, newest first. */
export async function pendingOf({ storage, context }: Handling): Promise<readonly ProposalRecord[]> {
  const recent = await storage.read(() => table.recent(context.conversation));
  const now = storage.clock();
  return recent.filter(
    (record) => record.status === "pending" && isInTime(record, now) && isRequester(record, context),
  );
}
