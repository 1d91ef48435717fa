import { randomBytes } from "node:crypto";
import type { Clock } from "../../core/environment.ts";
import type { Json } from "../../core/json.ts";
import type { GroupCommit } from "../../core/store/sqlite/group-commit.ts";
import type { Echo, Risk, ToolContext } from "../../core/tool.ts";
import type { Audit } from "../audit/index.ts";
import { canonicalJson, sha256 } from "../canonical-json.ts";
import { newCode } from "./code.ts";
import { auditFactsOf } from "./proposal-context.ts";
import { isRequester, type ProposalRecord, StoredEcho } from "./proposal-record.ts";
import type { NewProposal, ProposalTable } from "./proposal-table.ts";
import { textsFor } from "./texts.ts";

/** What proposals are kept with. */
export interface ProposalStorage {
  readonly table: ProposalTable;
  readonly audit: Audit;
  readonly write: GroupCommit["write"];
  readonly clock: Clock;
}

/** A validated call that waits to be confirmed. */
export interface ProposedCall {
  readonly tool: string;
  readonly risk: Risk;
  readonly input: Json;
  readonly context: ToolContext;
}

/** A replayed turn makes the same call again: it gets the proposal that its first attempt stored. */
export function findReplayed({ table }: ProposalStorage, call: ProposedCall): ProposalRecord | undefined {
  const { context, tool, input } = call;
  const argumentsHash = sha256(canonicalJson(input));
  return table
    .recent(context.conversation)
    .find(
      (record) =>
        record.status === "pending" &&
        record.tool === tool &&
        record.argumentsHash === argumentsHash &&
        record.eventId === context.eventId &&
        record.callId === context.callId &&
        isRequester(record, context),
    );
}

/** Stores a proposal. An older pending one of the same tool and requester in this conversation is void from now on. */
export async function storeProposal(
  storage: ProposalStorage,
  call: ProposedCall,
  options: { readonly echo: Echo; readonly lifetimeMs: number },
): Promise<ProposalRecord> {
  const { table, audit, write, clock } = storage;
  const proposal = newProposal(call, options, clock());
  return await write(() => {
    for (const older of table.recent(proposal.conversation)) {
      if (older.status !== "pending" || older.tool !== proposal.tool || !isRequester(older, proposal)) continue;
      const outcome = { text: textsFor(older.locale).superseded, code: "confirmation/superseded" };
      table.close(older.id, "cancelled", { now: clock(), eventId: proposal.eventId, outcome });
      audit.append(auditFactsOf(older, "cancelled", { by: proposal.eventId, code: outcome.code }));
    }
    table.insert(proposal);
    const stored = table.find(proposal.id);
    if (stored === undefined) throw new Error(`Proposal ${proposal.id} was inserted and is not there`);
    audit.append(auditFactsOf(stored, "proposed"));
    return stored;
  });
}

function newProposal(
  { tool, risk, input, context }: ProposedCall,
  { echo, lifetimeMs }: { readonly echo: Echo; readonly lifetimeMs: number },
  now: number,
): NewProposal {
  const { bot, person, account, userId, conversation, chatType, scopes, locale, eventId, callId, userTexts } = context;
  return {
    id: randomBytes(16).toString("base64url"),
    tool,
    risk,
    arguments: input,
    argumentsHash: sha256(canonicalJson(input)),
    echo: StoredEcho.parse(echo),
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
    code: newCode(),
    createdAt: now,
    expiresAt: now + lifetimeMs,
  };
}
