import type { InboundEvent } from "../../core/event.ts";
import { notice, type ReplyDraft } from "../../core/reply.ts";
import type { ToolContext } from "../../core/tool.ts";
import { closeProposal } from "./closing.ts";
import { auditFactsOf } from "./proposal-context.ts";
import { decisionOf, shownOf } from "./proposal-evidence.ts";
import { isInTime, isRequester, type ProposalOutcome, type ProposalRecord } from "./proposal-record.ts";
import { table } from "./proposal-table.ts";
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
  if (record.status !== "pending") return await report(record, action, deciding, options);
  const texts = textsFor(record.locale);
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
  const { audit, read, write, clock } = options.storage;
  const objection = await objectionTo(record, context, options);
  if (objection?.final === false) return notice(objection.text);
  if (objection !== undefined) return await close(record, event, objection, options);
  const lease = options.execution.newLease();
  const confirmed = await write(function* () {
    const mine = yield* table.confirm(record.id, context, { ...lease, now: clock(), eventId: event.id });
    if (mine === undefined) return undefined;
    const decided = { by: context.person, event: event.id };
    const rows = [audit.prove(decisionOf(mine))];
    yield* audit.append(auditFactsOf(mine, "confirmed", { by: event.id, shown: shownOf(mine), decided, rows }));
    return mine;
  });
  if (confirmed !== undefined) return notice((await options.execution.run(confirmed, context.trace)).text);
  // Somebody else was first, or it expired in this moment.
  const now = await read(() => table.find(record.id));
  if (now?.status === "pending" && isInTime(now, clock())) return notice(textsFor(record.locale).tryAgain);
  return await decideProposal(now, "confirm", deciding, options);
}

async function close(
  record: ProposalRecord,
  event: InboundEvent,
  { text, code = "confirmation/cancelled" }: ProposalOutcome,
  { storage }: ConfirmationOptions,
): Promise<ReplyDraft> {
  const status = code === "confirmation/expired" ? "expired" : "cancelled";
  const closing = { status, outcome: { text, code }, by: event.id } as const;
  if (await storage.write(() => closeProposal(storage, record, closing))) return notice(text);
  return notice((await storage.read(() => table.find(record.id)))?.outcome?.text ?? textsFor(record.locale).inProgress);
}

/** What became of a decided one. The event that decided it may be replayed: then it hears the same words again. */
async function report(
  record: ProposalRecord,
  action: "confirm" | "cancel",
  deciding: Deciding,
  { execution, storage }: ConfirmationOptions,
): Promise<ReplyDraft> {
  const { event, context } = deciding;
  const texts = textsFor(record.locale);
  if (record.status === "confirmed") {
    const outcome =
      action === "confirm" ? await execution.resume(record, context.trace) : await execution.abandon(record);
    if (outcome !== undefined) return notice(outcome.text);
  }
  const now = (await storage.read(() => table.find(record.id))) ?? record;
  if (now.status === "confirmed") return notice(texts.inProgress);
  const told = now.outcome?.text ?? texts.wasCancelled;
  if (now.decidedBy === event.id) return notice(told);
  if (now.status === "executed") return notice(texts.already(told));
  return notice(now.outcome?.code === "confirmation/cancelled" ? texts.wasCancelled : told);
}
