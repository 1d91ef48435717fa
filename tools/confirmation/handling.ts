import type { InboundEvent } from "../../core/event.ts";
import type { ReplyDraft } from "../../core/reply.ts";
import type { ToolContext } from "../../core/tool.ts";
import { isInTime, isRequester, type ProposalRecord } from "./proposal-record.ts";
import type { ProposalStorage } from "./proposals.ts";
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
export function pendingOf({ storage, context }: Handling): readonly ProposalRecord[] {
  const now = storage.clock();
  return storage.table
    .recent(context.conversation)
    .filter((record) => record.status === "pending" && isInTime(record, now) && isRequester(record, context));
}
