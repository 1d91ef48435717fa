/** The broker as plain data: what the model-based test believes about two conversations. */
import type { ConversationId } from "../../../../core/conversation-id.ts";

export interface ModelEvent {
  readonly sequence: number;
  readonly id: string;
  readonly messageId: string;
  readonly type: "message" | "edit" | "delete";
  readonly text: string;
}

export interface ModelConversation {
  readonly id: ConversationId;
  events: ModelEvent[];
  sequence: number;
  state: "free" | "running";
  /** The lease has run out and nobody took over yet: the claim may still be honoured, or not. */
  expired: boolean;
  /** A retry's delay has not passed. */
  delayed: boolean;
  epoch: number;
  attempts: number;
  failures: number;
  /** What is held against the head. */
  crashes: number;
  deaths: number;
  /** The claim was begun with nothing beside it. */
  alone: boolean;
  taken: number;
  paused: boolean;
  /** Message ids ever used, for edits and deletes. */
  messageIds: string[];
  /** Deduplication keys ever used. */
  keys: string[];
  dead: ModelEvent[];
  /** Texts of the replies that were committed, in order. */
  replies: string[];
}

export interface Model {
  readonly conversations: readonly [ModelConversation, ModelConversation];
  /** For fresh names; unique over runs. */
  readonly run: string;
  count: number;
}

export function newModel(run: string, ids: readonly [ConversationId, ConversationId]): Model {
  return { conversations: [newConversation(ids[0]), newConversation(ids[1])], run, count: 0 };
}

function newConversation(id: ConversationId): ModelConversation {
  return {
    id,
    events: [],
    sequence: 0,
    state: "free",
    expired: false,
    delayed: false,
    epoch: 0,
    attempts: 0,
    failures: 0,
    crashes: 0,
    deaths: 0,
    alone: false,
    taken: 0,
    paused: false,
    messageIds: [],
    keys: [],
    dead: [],
    replies: [],
  };
}

/** Waiting copies of a message that an edit or delete may still reach, newest first. */
export function reachable(conversation: ModelConversation, messageId: string): readonly ModelEvent[] {
  const after = conversation.state === "running" && !conversation.expired ? conversation.taken : 0;
  return conversation.events
    .filter((event) => event.messageId === messageId && event.type !== "delete" && event.sequence > after)
    .toReversed();
}

/** The claim is over. */
export function release(conversation: ModelConversation, delayed = false): void {
  conversation.state = "free";
  conversation.expired = false;
  conversation.delayed = delayed && conversation.events.length > 0;
  conversation.taken = 0;
  conversation.alone = false;
  if (conversation.events.length === 0) resetHead(conversation);
}

export function resetHead(conversation: ModelConversation): void {
  conversation.attempts = 0;
  conversation.failures = 0;
  acquit(conversation);
  if (conversation.events.length === 0) conversation.delayed = false;
}

/** Nothing is held against the head. */
export function acquit(conversation: ModelConversation): void {
  conversation.crashes = 0;
  conversation.deaths = 0;
}

/** The process that held the claim died. */
export function afterDeath(conversation: ModelConversation, wasAlone: boolean): void {
  conversation.crashes += 1;
  if (wasAlone || conversation.alone) conversation.deaths += 1;
  release(conversation);
}

export function append(conversation: ModelConversation, event: Omit<ModelEvent, "sequence">): void {
  conversation.sequence += 1;
  conversation.events.push({ ...event, sequence: conversation.sequence });
}
