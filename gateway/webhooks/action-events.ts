/** Proposals and executions, from the audit of actions: it is written in the transaction in which they happen. */
import { z } from "zod";
import { ConversationId } from "../../core/conversation-id.ts";
import type { ActionLog, LoggedAction } from "../../tools/confirmation/action-log.ts";
import type { WebhookEvent } from "./event.ts";
import type { Watch, WatchParts } from "./keep-watch.ts";

const Place = z.int().nonnegative();

/** Tells of each entry once, in their order. */
export function actionWatch(log: ActionLog, tell: WatchParts["tell"]): Watch {
  return {
    name: "actions",
    look: async (known) => {
      const place = Place.safeParse(known);
      if (!place.success) return await log.newest();
      const found = await log.after(place.data);
      for (const one of found) {
        const event = await eventOf(one, log);
        if (event !== undefined) await tell(event);
      }
      return found.at(-1)?.sequence;
    },
  };
}

/** Undefined for what webhooks do not tell: decisions, refusals, and calls that nobody had to confirm. */
async function eventOf({ sequence, entry }: LoggedAction, log: ActionLog): Promise<WebhookEvent | undefined> {
  const { kind, bot, at, tool, action: proposalId } = entry;
  const conversation = ConversationId.safeParse(entry.conversation);
  if (proposalId === undefined || !conversation.success) return undefined;
  const base = { source: `action ${sequence} ${proposalId}`, bot, at };
  const facts = { conversation: conversation.data, proposalId, tool };
  if (kind === "executed" || kind === "failed")
    return { ...base, type: "execution.finished", data: { ...facts, outcome: kind } };
  if (kind !== "proposed") return undefined;
  const proposal = await log.proposal(proposalId);
  if (proposal === undefined) return undefined;
  const expiresAt = new Date(proposal.expiresAt).toISOString();
  return { ...base, type: "proposal.created", data: { ...facts, risk: proposal.risk, expiresAt } };
}
