import type { ToolContext } from "../../core/tool.ts";
import type { AuditEntry } from "../audit/index.ts";
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

/** What the audit says of a proposal; `by` is the event that did it, where there is one. */
export function auditFactsOf(
  record: ProposalRecord,
  kind: AuditEntry["kind"],
  more: { readonly by?: string; readonly code?: string } = {},
): Omit<AuditEntry, "version" | "at"> {
  const { bot, person, account, userId, conversation, tool, eventId, callId, id, argumentsHash } = record;
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
    eventId: more.by ?? eventId,
    action: id,
    ...(more.code === undefined ? {} : { code: more.code }),
  };
}
