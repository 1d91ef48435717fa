import { accountId, conversationId } from "../../../core/conversation-id.ts";
import type { Reply } from "../../../core/reply.ts";
import type { TurnRecord } from "../../../core/store/store.ts";
import type { Trace } from "../../../core/trace.ts";

export const account = accountId("web", "main");
export const otherAccount = accountId("telegram", "shop bot");
export const direct = conversationId({ platform: "web", account: "main", chat: "ada" });
export const group = conversationId({ platform: "web", account: "main", chat: "family", thread: "t:1" });

/** A point in time, `seconds` after noon. */
export const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 1, 12) + seconds * 1000).toISOString();

export function aReply(id: string, text = "Hello"): Reply {
  return { id, text, sources: [], confidence: 1, disclaimers: [], processingTimeMs: 3, model: "none" };
}

export function aTurn(overrides: Partial<TurnRecord> = {}): TurnRecord {
  const eventId = overrides.eventId ?? "event-1";
  return {
    conversation: direct,
    sequence: 1,
    session: 1,
    eventId,
    userId: "ada",
    text: "Hi",
    replies: [aReply(`${eventId}.0`)],
    at: at(0),
    answeredAt: at(1),
    ...overrides,
  };
}

export function aTrace(overrides: Partial<Trace> = {}): Trace {
  const id = overrides.id ?? "event-1";
  return {
    version: 1,
    id,
    conversation: direct,
    bot: "bank",
    eventIds: [id],
    messageIds: [],
    startedAt: at(0),
    outcome: "answered",
    steps: [
      { at: at(0), kind: "guard", name: "rate limit", outcome: "passed", data: { hits: 1 } },
      { at: at(0), kind: "agent", name: "writer", outcome: "done", detail: "short", act: "asks", missing: "amount" },
      { at: at(0), kind: "agent", name: "writer", outcome: "done", act: "greets" },
    ],
    ...overrides,
  };
}
