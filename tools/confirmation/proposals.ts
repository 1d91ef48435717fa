import { secureRandomBelow } from "../../core/environment.ts";
import { Json } from "../../core/json.ts";
import type { Money } from "../../core/money.ts";
import type { Echo, Risk, ToolContext } from "../../core/tool.ts";
import { canonicalJson, sha256 } from "../canonical-json.ts";
import { closeProposal } from "./closing.ts";
import { newCode, newProposalId } from "./code.ts";
import { auditFactsOf } from "./proposal-context.ts";
import { boundOf, shownOf } from "./proposal-evidence.ts";
import { isInTime, isRequester, type ProposalRecord, StoredEcho } from "./proposal-record.ts";
import { type NewProposal, table } from "./proposal-table.ts";
import type { ProposalStorage } from "./proposal-storage.ts";
import { asksInAddition } from "./read-reply.ts";
import { textsFor } from "./texts.ts";

/** Why one is void that a newer one took the place of. */
export const SUPERSEDED = "confirmation/superseded";

/** A validated call that waits to be confirmed. */
export interface ProposedCall {
  readonly tool: string;
  readonly risk: Risk;
  readonly input: Json;
  readonly context: ToolContext;
  /** The waiting proposal that it takes the place of, where the caller knows. */
  readonly supersedes?: string | undefined;
}

/** A replayed turn makes the same call again: it gets the proposal that its first attempt stored. */
export async function findReplayed({ read }: ProposalStorage, call: ProposedCall): Promise<ProposalRecord | undefined> {
  const { context, tool, input } = call;
  const argumentsHash = sha256(canonicalJson(input));
  const recent = await read(() => table.recent(context.conversation));
  return recent.find(
    (record) =>
      record.status === "pending" &&
      record.tool === tool &&
      record.argumentsHash === argumentsHash &&
      record.eventId === context.eventId &&
      record.callId === context.callId &&
      isRequester(record, context),
  );
}

/**
 * Stores a proposal, or gives the one of the same event that does the same: a model that says "25" and "25.00", or a name
 * and its beginning, means one request. What it takes the place of is void in the same transaction. Others of one turn
 * wait side by side, and so does what is asked for in addition ("and 20 to Emre too").
 */
export async function storeProposal(
  storage: ProposalStorage,
  call: ProposedCall,
  options: { readonly echo: Echo; readonly elsewhere: string | undefined; readonly lifetimeMs: number },
): Promise<{ readonly record: ProposalRecord; readonly replaced: readonly string[] }> {
  const { audit, write, clock } = storage;
  const proposal = newProposal(call, options, clock());
  return await write(function* () {
    const now = clock();
    const waiting = (yield* table.recent(proposal.conversation)).filter(
      (older) => older.status === "pending" && isRequester(older, proposal),
    );
    const same = waiting.find((older) => isInTime(older, now) && isSameRequest(older, proposal));
    if (same !== undefined) return { record: same, replaced: [] };
    const replaced: string[] = [];
    for (const older of supersededBy(proposal, waiting, call)) {
      const outcome = { text: textsFor(older.locale).superseded, code: SUPERSEDED };
      const closed = yield* closeProposal(storage, older, { status: "cancelled", outcome, by: proposal.eventId });
      if (closed && isInTime(older, now)) replaced.push(older.echo.summary);
    }
    const record = yield* table.insert(proposal);
    yield* audit.append(
      auditFactsOf(record, "proposed", { shown: shownOf(record), rows: [audit.prove(boundOf(record))] }),
    );
    return { record, replaced };
  });
}

/** What the requester is shown is all that a call does. */
function isSameRequest(one: ProposalRecord, other: NewProposal): boolean {
  const shown = ({ echo: { summary, amount, payee } }: Pick<NewProposal, "echo">): string =>
    canonicalJson(Json.parse({ summary, ...(amount && { amount }), ...(payee !== undefined && { payee }) }));
  return one.tool === other.tool && one.eventId === other.eventId && shown(one) === shown(other);
}

/** Where the caller does not know it: of the same tool that to the same payee, else that of the same sum, else each. */
function supersededBy(
  proposal: NewProposal,
  waiting: readonly ProposalRecord[],
  { supersedes, context }: ProposedCall,
): readonly ProposalRecord[] {
  if (supersedes !== undefined) return waiting.filter(({ id }) => id === supersedes);
  const added = asksInAddition(context.userTexts.at(-1) ?? "");
  const older = waiting.filter(({ tool, eventId }) => tool === proposal.tool && eventId !== proposal.eventId);
  if (older.length === 0 || added === "again") return [];
  const { payee, amount } = proposal.echo;
  const toSame = older.filter(({ echo }) => payee !== undefined && echo.payee === payee);
  if (toSame.length > 0 || added === "too") return toSame;
  const isSame = (other: Money | undefined): boolean =>
    amount !== undefined && other?.minor === amount.minor && other.currency === amount.currency;
  const ofSame = older.filter(({ echo }) => isSame(echo.amount));
  return ofSame.length > 0 ? ofSame : older;
}

function newProposal(
  { tool, risk, input, context }: ProposedCall,
  { echo, elsewhere, lifetimeMs }: Parameters<typeof storeProposal>[2],
  now: number,
): NewProposal {
  const { bot, person, account, userId, conversation, chatType, scopes, locale, eventId, callId, userTexts } = context;
  const { randomBelow = secureRandomBelow } = context.environment;
  return {
    id: newProposalId(randomBelow),
    tool,
    risk,
    arguments: input,
    argumentsHash: sha256(canonicalJson(input)),
    echo: { ...StoredEcho.parse(echo), ...(elsewhere !== undefined && { elsewhere }) },
    bot,
    person,
    account,
    userId,
    conversation,
    chatType,
    locale,
    eventId,
    callId,
    scopes: [...scopes],
    userTexts: [...userTexts],
    code: newCode(randomBelow),
    createdAt: now,
    expiresAt: now + lifetimeMs,
  };
}
