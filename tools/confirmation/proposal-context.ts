import type { ToolContext } from "../../core/tool.ts";
import type { AuditEntry, AuditFacts } from "../audit/index.ts";
import type { ProposalRecord } from "./proposal-record.ts";

/** The call's own context again, as it was stored: a confirmed call runs as its requester, not as whoever triggers it. */
export function storedContext(
  record: ProposalRecord,
  running: Pick<ToolContext, "environment" | "signal" | "trace">,
): ToolContext {
  const { bot, person, account, userId, conversation, chatType, eventId, callId, userTexts, locale } = record;
  const identity = { bot, person, account, userId, conversation, chatType };
  const { environment, signal, trace } = running;
  return {
    ...identity,
    eventId,
    callId,
    userTexts,
    locale,
    scopes: new Set(record.scopes),
    environment,
    signal,
    trace,
  };
}

type More = Pick<AuditFacts, "code" | "shown" | "decided" | "rows"> & { readonly by?: string };

/** What the audit says of a proposal; `by` is the event that did it, where there is one. */
export function auditFactsOf(record: ProposalRecord, kind: AuditEntry["kind"], { by, ...more }: More = {}): AuditFacts {
  const { bot, person, account, userId, conversation, tool, eventId, callId, id, argumentsHash, risk } = record;
  return {
    kind,
    bot,
    person,
    account,
    userId,
    conversation,
    tool,
    callId,
    argumentsHash,
    risk,
    eventId: by ?? eventId,
    action: id,
    ...more,
  };
}
