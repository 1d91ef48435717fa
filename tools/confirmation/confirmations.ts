/** Decides proposals, outside every model. */
import type { InboundEvent } from "../../core/event.ts";
import { proposalReply } from "../../core/proposal-reply.ts";
import type { ReplyDraft } from "../../core/reply.ts";
import type { Confirmations, ToolContext } from "../../core/tool.ts";
import { sameCode } from "./code.ts";
import { decideProposal } from "./decide-proposal.ts";
import { type Decision, readDecision } from "./decision.ts";
import { isInTime, isRequester, type ProposalRecord, proposalOf } from "./proposal-record.ts";
import { auditFactsOf } from "./proposal-context.ts";
import type { ProposalStorage } from "./proposals.ts";
import type { ConfirmationOptions } from "./recheck.ts";
import { textsFor } from "./texts.ts";

/** Wrong codes that a proposal survives. */
const MAX_CODE_ATTEMPTS = 5;

interface Handling {
  readonly storage: ProposalStorage;
  readonly decide: (record: ProposalRecord | undefined, action: "confirm" | "cancel") => Promise<ReplyDraft>;
  readonly event: InboundEvent;
  readonly context: ToolContext;
}

/** Makes the desk where pressed buttons and typed codes arrive. */
export function createConfirmations(options: ConfirmationOptions): Confirmations {
  return {
    handle: async (event, context) => {
      const decision = readDecision(event);
      if (decision === undefined) return undefined;
      const decide: Handling["decide"] = async (record, action) =>
        await decideProposal(record, action, { event, context }, options);
      return await answer(decision, { storage: options.storage, decide, event, context });
    },
  };
}

async function answer(decision: Decision, handling: Handling): Promise<ReplyDraft | undefined> {
  switch (decision.by) {
    case "button": {
      const record = handling.storage.table.find(decision.id);
      return await handling.decide(record, decision.action);
    }
    case "code":
      return await byCode(decision, handling);
    case "affirmation":
      return await explain(handling);
    case "withdrawal":
      return await withdraw(handling);
  }
}

async function byCode(
  decision: Extract<Decision, { readonly by: "code" }>,
  handling: Handling,
): Promise<ReplyDraft | undefined> {
  const { storage, decide, context } = handling;
  const recent = storage.table.recent(context.conversation);
  // All are compared, so that the time says nothing about any.
  const named = recent.filter(({ code }) => sameCode(decision.code, code));
  const match = named.find((record) => isRequester(record, context)) ?? named[0];
  if (match !== undefined) return await decide(match, decision.action);
  const pending = pendingOf(handling);
  if (pending.length > 0) return await countWrongCode(pending, handling);
  return decision.bare ? undefined : say(textsFor(context.locale).nothingPending);
}

async function countWrongCode(pending: readonly ProposalRecord[], handling: Handling): Promise<ReplyDraft> {
  const { storage, event, context } = handling;
  const { table, audit, write, clock } = storage;
  const texts = textsFor(context.locale);
  const left = await write(() => {
    const remaining = pending.map((seen) => {
      table.countAttempt(seen.id);
      audit.append(auditFactsOf(seen, "refused", { by: event.id, code: "confirmation/wrong-code" }));
      const tries = MAX_CODE_ATTEMPTS - (table.find(seen.id)?.codeAttempts ?? MAX_CODE_ATTEMPTS);
      const outcome = { text: texts.tooManyCodes, code: "confirmation/too-many-codes" };
      if (tries <= 0 && table.close(seen.id, "cancelled", { now: clock(), eventId: event.id, outcome })) {
        audit.append(auditFactsOf(seen, "cancelled", { by: event.id, code: outcome.code }));
      }
      return tries;
    });
    return Math.max(...remaining);
  });
  return say(left <= 0 ? texts.tooManyCodes : texts.wrongCode(left));
}

/** A "yes" to a pending proposal is answered with how to confirm it; any other "yes" is the crew's. */
async function explain(handling: Handling): Promise<ReplyDraft | undefined> {
  const { context, decide } = handling;
  const newest = handling.storage.table.recent(context.conversation).find((one) => isRequester(one, context));
  if (newest?.status === "pending" && !isInTime(newest, handling.storage.clock())) {
    return await decide(newest, "confirm");
  }
  const [pending] = pendingOf(handling);
  if (pending === undefined) return undefined;
  const proposal = proposalOf(pending);
  return proposalReply(proposal, {
    locale: context.locale,
    intro: textsFor(context.locale).howTo(pending.code),
  });
}

async function withdraw(handling: Handling): Promise<ReplyDraft | undefined> {
  const [pending, ...others] = pendingOf(handling);
  if (pending === undefined) return undefined;
  if (others.length > 0) return say(textsFor(handling.context.locale).several);
  return await handling.decide(pending, "cancel");
}

function pendingOf({ storage, context }: Handling): readonly ProposalRecord[] {
  const now = storage.clock();
  return storage.table
    .recent(context.conversation)
    .filter((record) => record.status === "pending" && isInTime(record, now) && isRequester(record, context));
}

function say(text: string): ReplyDraft {
  return { text, confidence: 1, model: "none" };
}
