/** Decides proposals, outside every model. */
import type { InboundEvent } from "../../core/event.ts";
import { notice, type ReplyDraft } from "../../core/reply.ts";
import type { Confirmations, ToolContext } from "../../core/tool.ts";
import { closeProposal } from "./closing.ts";
import { sameCode } from "./code.ts";
import { decideProposal } from "./decide-proposal.ts";
import { type Decision, readDecision } from "./decision.ts";
import { type Handling, pendingOf } from "./handling.ts";
import { isInTime, isRequester, listedAction, type ProposalRecord } from "./proposal-record.ts";
import { auditFactsOf } from "./proposal-context.ts";
import { table } from "./proposal-table.ts";
import type { ConfirmationOptions } from "./recheck.ts";
import { textsFor } from "./texts.ts";
import { createWithdrawal } from "./withdraw.ts";
import { answerWords, changesByWords, remindOf, keepByWords } from "./words-desk.ts";

/** Wrong codes that a proposal survives. */
const MAX_CODE_ATTEMPTS = 5;

/** Makes the desk where pressed buttons, typed codes and words about what waits arrive. */
export function createConfirmations(options: ConfirmationOptions): Confirmations {
  const { storage, tools } = options;
  const handlingOf = (event: InboundEvent, context: ToolContext): Handling => ({
    storage,
    tools,
    decide: async (record, action) => await decideProposal(record, action, { event, context }, options),
    event,
    context,
  });
  return {
    withdraw: createWithdrawal(options.storage),
    handle: async (event, context, saidTo = "bot") => {
      const handling = handlingOf(event, context);
      const decision = readDecision(event, context.userTexts.at(-1));
      if (decision === undefined) return await answerWords(handling, saidTo);
      if (decision.by === "code") return await byCode(decision, handling);
      return await handling.decide(await storage.read(() => table.find(decision.id)), decision.action);
    },
    changes: async (event, context) => await changesByWords(handlingOf(event, context)),
    replace: async (event, context, answer) => await keepByWords(handlingOf(event, context), answer),
    list: async (conversation) => {
      const recent = await storage.read(() => table.recent(conversation));
      const now = storage.clock();
      return recent.map((record) => listedAction(record, now));
    },
    reminder: async (event, context) => await remindOf(handlingOf(event, context)),
  };
}

async function byCode(
  decision: Extract<Decision, { readonly by: "code" }>,
  handling: Handling,
): Promise<ReplyDraft | undefined> {
  const { storage, decide, context } = handling;
  if (decision.id !== undefined) return await byCodeOf(decision.id, decision.code, handling);
  const recent = await storage.read(() => table.recent(context.conversation));
  // All are compared, so that the time says nothing about any.
  const named = recent.filter(({ code }) => sameCode(decision.code, code));
  const match = named.find((record) => isRequester(record, context)) ?? named[0];
  if (match !== undefined) return await decide(match, decision.action);
  const pending = await pendingOf(handling);
  if (pending.length > 0) return await countWrongCode(pending, handling);
  return decision.bare ? undefined : notice(textsFor(context.locale).nothingPending);
}

/** A code that came with a proposal's button must be that proposal's own: no other's code, and none that is no code. */
async function byCodeOf(id: string, code: string, handling: Handling): Promise<ReplyDraft> {
  const { storage, decide, context } = handling;
  const record = await storage.read(() => table.find(id));
  if (record === undefined || !isRequester(record, context) || sameCode(code, record.code)) {
    return await decide(record, "confirm");
  }
  const isOpen = record.status === "pending" && isInTime(record, storage.clock());
  return isOpen ? await countWrongCode([record], handling) : await decide(record, "cancel");
}

async function countWrongCode(pending: readonly ProposalRecord[], handling: Handling): Promise<ReplyDraft> {
  const { storage, event, context } = handling;
  const { audit, write } = storage;
  const texts = textsFor(context.locale);
  const outcome = { text: texts.tooManyCodes, code: "confirmation/too-many-codes" };
  const left = await write(function* () {
    const remaining: number[] = [];
    for (const seen of pending) {
      yield* table.countAttempt(seen.id);
      yield* audit.append(auditFactsOf(seen, "refused", { by: event.id, code: "confirmation/wrong-code" }));
      const attempts = (yield* table.find(seen.id))?.codeAttempts ?? MAX_CODE_ATTEMPTS;
      remaining.push(MAX_CODE_ATTEMPTS - attempts);
      if (attempts >= MAX_CODE_ATTEMPTS) {
        yield* closeProposal(storage, seen, { status: "cancelled", outcome, by: event.id });
      }
    }
    return Math.max(...remaining);
  });
  return notice(left <= 0 ? texts.tooManyCodes : texts.wrongCode(left));
}
