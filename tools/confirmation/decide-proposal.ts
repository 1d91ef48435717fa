import type { InboundEvent } from "../../core/event.ts";
import { notice, type ReplyDraft } from "../../core/reply.ts";
import type { ToolContext } from "../../core/tool.ts";
import { auditFactsOf } from "./proposal-context.ts";
import { isInTime, isRequester, type ProposalOutcome, type ProposalRecord } from "./proposal-record.ts";
import { type ConfirmationOptions, objectionTo } from "./recheck.ts";
import { textsFor } from "./texts.ts";

/** The deciding event and its sender. */
export interface Deciding {
  readonly event: InboundEvent;
  readonly context: ToolContext;
}

/**
 * Confirms or cancels one proposal, or says why not: requester, state, expiry, unchanged echo, then one
 * compare-and-set, then the execution. Of a proposal that is not the sender's nothing is told.
 */
export async function decideProposal(
  record: ProposalRecord | undefined,
  action: "confirm" | "cancel",
  deciding: Deciding,
  options: ConfirmationOptions,
): Promise<ReplyDraft> {
  const { event, context } = deciding;
  if (record === undefined || !isRequester(record, context)) return await refuse(record, deciding, options);
  if (record.status !== "pending") return await report(record, deciding, options);
  const texts = textsFor(context.locale);
  if (!isInTime(record, options.storage.clock())) {
    return await close(record, event, { text: texts.expired, code: "confirmation/expired" }, options);
  }
  if (action === "confirm") return await confirm(record, deciding, options);
  return await close(record, event, { text: texts.cancelled, code: "confirmation/cancelled" }, options);
}

async function refuse(
  record: ProposalRecord | undefined,
  { event, context }: Deciding,
  { storage }: ConfirmationOptions,
): Promise<ReplyDraft> {
  const { bot, person, account, userId, conversation, callId } = context;
  const entry = {
    kind: "refused",
    bot,
    person,
    account,
    userId,
    conversation,
    callId,
    eventId: event.id,
    tool: record?.tool ?? "unknown",
    ...(record === undefined ? {} : { action: record.id }),
    code: record === undefined ? "confirmation/unknown" : "confirmation/foreign",
  } as const;
  await storage.write(() => storage.audit.append(entry));
  return { ...notice(textsFor(context.locale).notYours), visibility: "requester" };
}

async function confirm(record: ProposalRecord, deciding: Deciding, options: ConfirmationOptions): Promise<ReplyDraft> {
  const { event, context } = deciding;
  const { table, audit, write, clock } = options.storage;
  const objection = await objectionTo(record, context, options);
  if (objection?.final === false) return notice(objection.text);
  if (objection !== undefined) return await close(record, event, objection, options);
  const lease = options.execution.newLease();
  const confirmed = await write(() => {
    if (!table.confirm(record.id, context, { ...lease, now: clock(), eventId: event.id })) return undefined;
    audit.append(auditFactsOf(record, "confirmed", { by: event.id }));
    return table.find(record.id);
  });
  if (confirmed !== undefined) return notice((await options.execution.run(confirmed, context.trace)).text);
  // Somebody else was first, or it expired in this moment.
  const now = table.find(record.id);
  if (now?.status === "pending" && isInTime(now, clock())) return notice(textsFor(context.locale).tryAgain);
  return await decideProposal(now, "confirm", deciding, options);
}

async function close(
  record: ProposalRecord,
  event: InboundEvent,
  { text, code = "confirmation/cancelled" }: ProposalOutcome,
  { storage }: ConfirmationOptions,
): Promise<ReplyDraft> {
  const { table, audit, write, clock } = storage;
  const status = code === "confirmation/expired" ? "expired" : "cancelled";
  const closed = await write(() => {
    if (!table.close(record.id, status, { now: clock(), eventId: event.id, outcome: { text, code } })) return false;
    audit.append(auditFactsOf(record, status, { by: event.id, code }));
    return true;
  });
  if (closed) return notice(text);
  return notice(table.find(record.id)?.outcome?.text ?? textsFor(record.locale).inProgress);
}

/** What became of a decided one. The event that decided it may be replayed: then it hears the same words again. */
async function report(
  record: ProposalRecord,
  deciding: Deciding,
  { execution, storage }: ConfirmationOptions,
): Promise<ReplyDraft> {
  const { event, context } = deciding;
  const texts = textsFor(context.locale);
  if (record.status === "confirmed") {
    const outcome = await execution.resume(record, context.trace);
    if (outcome !== undefined) return notice(outcome.text);
  }
  const now = storage.table.find(record.id) ?? record;
  if (now.status === "confirmed") return notice(texts.inProgress);
  const told = now.outcome?.text ?? texts.wasCancelled;
  if (now.decidedBy === event.id) return notice(told);
  if (now.status === "executed") return notice(texts.already(told));
  return notice(now.outcome?.code === "confirmation/cancelled" ? texts.wasCancelled : told);
}
