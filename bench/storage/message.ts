import { ulid } from "ulid";
import type { AccountId, ConversationId } from "../../core/conversation-id.ts";
import type { Store, TurnRecord } from "../../core/store/store.ts";
import type { Trace, TraceStep } from "../../core/trace.ts";

const QUESTION = "Hi, could you tell me what a replacement card costs and how long it takes until it is here?";
const ANSWER =
  "A replacement debit card costs **€9.00**; with express delivery it is €24.90 more. It arrives within five working days, by express within two.";
const QUOTE = "Replacement of a debit card that was lost or damaged by the customer: €9.00.";

/** The steps of a question to the documents, as the embedded brain leaves them. */
const STEPS: readonly (readonly [after: number, step: Omit<TraceStep, "at">])[] = [
  ...["bot-loop", "access", "mention", "control", "rate-limit", "content"].map(
    (name) => [1, { kind: "guard", name, outcome: "passed" }] as const,
  ),
  [2, { kind: "conversation", name: "resumed", outcome: "passed" }],
  [3, { kind: "agent", name: "orchestrator", outcome: "intentAnalyzer", milliseconds: 0 }],
  [
    4,
    { kind: "agent", name: "intent-analyzer", outcome: "knowledge", detail: "card, confidence 0.97", milliseconds: 1 },
  ],
  [4, { kind: "agent", name: "orchestrator", outcome: "toolSelector", milliseconds: 1 }],
  [5, { kind: "agent", name: "tool-selector", outcome: "call", detail: "search_documents", milliseconds: 0 }],
  [9, { kind: "document", name: "search", outcome: "found", detail: "Debit cards, Replacement", milliseconds: 4 }],
  [9, { kind: "tool", name: "search_documents", outcome: "done", milliseconds: 5 }],
  [10, { kind: "agent", name: "orchestrator", outcome: "toolSelector", milliseconds: 6 }],
  [10, { kind: "agent", name: "tool-selector", outcome: "enough", milliseconds: 0 }],
  [10, { kind: "agent", name: "orchestrator", outcome: "responseGenerator", milliseconds: 0 }],
  [
    12,
    {
      kind: "agent",
      name: "response-generator",
      outcome: "done",
      detail: "confidence 0.93, 1 sources",
      milliseconds: 2,
    },
  ],
  [12, { kind: "agent", name: "orchestrator", outcome: "done", milliseconds: 2 }],
  [13, { kind: "commit", name: "outbox", outcome: "answered", data: { replies: 1, attempt: 1 } }],
];

const REPLY = {
  text: ANSWER,
  sources: [{ title: "Debit cards", location: "Replacement", url: "/documents/debit-cards#replacement", quote: QUOTE }],
  confidence: 0.93,
  disclaimers: [],
  processingTimeMs: 13,
  model: "offline",
};

interface Facts {
  readonly account: AccountId;
  readonly conversation: ConversationId;
  readonly index: number;
  readonly at: number;
}

/** Writes one message and its answer as a turn and its delivery do. */
export async function writeMessage(store: Store, facts: Facts): Promise<void> {
  const { account, conversation, index, at } = facts;
  const time = (after: number): string => new Date(at + after).toISOString();
  const [eventId, messageId, replyId, sentId] = [ulid(at), ulid(at), ulid(at), ulid(at)];
  const userId = conversation.slice(conversation.lastIndexOf(":") + 1);
  const base = { id: conversation, bot: "harbour", account, chatType: "direct", userId } as const;
  const { record } = await store.conversations.touch({ ...base, eventId, at: time(0) });
  await store.usage.hit(`user:${userId}`, { id: eventId, at, windowMs: 60_000, limit: 1_000_000 });
  const trace: Trace = {
    version: 1,
    id: eventId,
    conversation,
    bot: "harbour",
    eventIds: [eventId],
    messageIds: [messageId],
    startedAt: time(0),
    finishedAt: time(13),
    outcome: "answered",
    steps: STEPS.map(([after, step]) => ({ at: time(after), ...step })),
  };
  const turn: TurnRecord = {
    conversation,
    sequence: index + 1,
    session: record.session,
    eventId,
    userId,
    messageId,
    text: QUESTION,
    replies: [{ id: replyId, ...REPLY }],
    at: time(0),
    answeredAt: time(13),
  };
  await Promise.all([store.history.write(turn, trace), saveDelivery(store, facts, { eventId, sentId, at: time(20) })]);
}

async function saveDelivery(
  store: Store,
  { account, conversation }: Pick<Facts, "account" | "conversation">,
  sent: { readonly eventId: string; readonly sentId: string; readonly at: string },
): Promise<void> {
  const { eventId, sentId, at } = sent;
  await store.deliveries.save({
    id: `${eventId}.0`,
    conversation,
    account,
    eventId,
    outcome: "delivered",
    receipts: [{ part: 0, messageId: sentId, at }],
    parts: 1,
    plain: false,
    degraded: [],
    at,
  });
}
