import { z } from "zod";
import { AccountId, ConversationId } from "../../core/conversation-id.ts";
import { formatMoney } from "../../core/delivery/money-text.ts";
import { Json } from "../../core/json.ts";
import type { Fact, Proposal } from "../../core/reply.ts";
import { Money } from "../../core/money.ts";
import { minorPlacesOf } from "../../core/language/currencies.ts";
import { jsonText } from "../../core/store/rows.ts";
import type { Echo, ListedAction, ToolContext } from "../../core/tool.ts";
import { textsFor } from "./texts.ts";

/** What the requester is shown; stored, and compared before anything is done. */
export const StoredEcho = z.strictObject({
  summary: z.string(),
  amount: Money.exactOptional(),
  payee: z.string().exactOptional(),
});

/** What is shown of a proposal: that, and which values came from elsewhere than the requester's words. */
const ShownEcho = StoredEcho.extend({ elsewhere: z.string().exactOptional() });

/** What the requester was told when a proposal was decided, for a second press. */
export const ProposalOutcome = z.strictObject({ text: z.string(), code: z.string().exactOptional() });
export type ProposalOutcome = z.infer<typeof ProposalOutcome>;

/**
 * A proposal's life: pending → confirmed → executed or failed, or pending → cancelled or expired. A decided one never
 * becomes pending again. `confirmed` means: it will be executed, if need be by another process after a crash.
 */
const ProposalStatus = z.enum(["pending", "confirmed", "executed", "failed", "cancelled", "expired"]);

/** A stored proposal. Times are milliseconds since the Unix epoch. */
export const ProposalRecord = z.object({
  id: z.string(),
  tool: z.string(),
  arguments: jsonText(Json),
  argumentsHash: z.string(),
  echo: jsonText(ShownEcho),
  risk: z.enum(["low", "medium", "high"]),
  bot: z.string(),
  person: z.string(),
  account: AccountId,
  userId: z.string(),
  conversation: ConversationId,
  chatType: z.enum(["direct", "group"]),
  scopes: jsonText(z.array(z.string())),
  locale: z.string(),
  eventId: z.string(),
  callId: z.string(),
  /** What the requester had said; kept for the check at confirmation and erased with the decision. */
  userTexts: jsonText(z.array(z.string())),
  code: z.string(),
  codeAttempts: z.int(),
  createdAt: z.int(),
  expiresAt: z.int(),
  status: ProposalStatus,
  decidedAt: z.int().optional(),
  /** The event that decided it: its replay is told the same again. */
  decidedBy: z.string().optional(),
  /** The process that executes it, until when. */
  owner: z.string().optional(),
  leaseUntil: z.int().optional(),
  executions: z.int(),
  outcome: jsonText(ProposalOutcome).optional(),
});
export type ProposalRecord = z.infer<typeof ProposalRecord>;

/** Who decides, and where. A proposal is bound to all of it. */
export type Requester = Pick<ToolContext, "bot" | "person" | "account" | "userId" | "conversation">;

/** Whether these are the person, platform user, account, conversation and bot that the proposal was made for. */
export function isRequester(record: ProposalRecord, who: Requester): boolean {
  return (
    record.bot === who.bot &&
    record.person === who.person &&
    record.account === who.account &&
    record.userId === who.userId &&
    record.conversation === who.conversation
  );
}

/** A clock that is corrected a little is no clock that was put back. */
export const CLOCK_TOLERANCE_MS = 1_000;

/**
 * Whether a proposal can be confirmed at this time. One from the future is the mark of a clock that was put back: how
 * old it really is cannot be told any more, so it counts as too old.
 */
export function isInTime({ createdAt, expiresAt }: ProposalRecord, now: number): boolean {
  return now < expiresAt && createdAt <= now + CLOCK_TOLERANCE_MS;
}

/** What the tool said that it would do. */
export function echoOf({ echo }: Pick<ProposalRecord, "echo">): Echo {
  const { elsewhere: _elsewhere, ...said } = echo;
  return said;
}

/** The proposal as replies carry it. */
export function proposalOf(record: ProposalRecord): Proposal {
  const { id, echo, locale, code, expiresAt } = record;
  return {
    id,
    summary: echo.summary,
    facts: factsOf(echo, locale),
    code,
    expiresAt: new Date(expiresAt).toISOString(),
  };
}

/** How much, to whom, and what did not come from the requester. */
function factsOf({ amount, payee, elsewhere }: z.infer<typeof ShownEcho>, locale: string): Fact[] {
  const labels = textsFor(locale);
  return [
    ...(amount === undefined
      ? []
      : [{ label: labels.amount, value: formatMoney(amount, locale), number: wholeUnits(amount), isMain: true }]),
    ...(payee === undefined ? [] : [{ label: labels.payee, value: payee }]),
    ...(elsewhere === undefined ? [] : [{ label: labels.elsewhere, value: elsewhere, tone: "caution" as const }]),
  ];
}

function wholeUnits({ minor, currency }: Money): number {
  return minor / 10 ** minorPlacesOf(currency);
}

/** A proposal as its requester may list it. One whose time is over counts as expired before anybody closed it. */
export function listedAction(record: ProposalRecord, now: number): ListedAction {
  const { id, tool, echo, status, createdAt, decidedAt, outcome } = record;
  return {
    id,
    tool,
    summary: echo.summary,
    status: status === "pending" && !isInTime(record, now) ? "expired" : status,
    createdAt: new Date(createdAt).toISOString(),
    ...(decidedAt === undefined ? {} : { decidedAt: new Date(decidedAt).toISOString() }),
    ...(outcome === undefined ? {} : { result: outcome.text }),
  };
}
