/** What is known of a session's latest turns: which are answered, with what, and who waits for it. */
import { LRUCache } from "lru-cache";
import type { WebPayload } from "./render.ts";

/** A turn by the event it answers, or by the message the client sent. */
export type TurnReference = { readonly eventId: string } | { readonly messageId: string };

/** A reply as it is handed in for showing. */
export interface ArrivedReply {
  readonly eventId: string;
  /** The client's message that is answered, where the event was one. */
  readonly messageId?: string | undefined;
  readonly index: number;
  readonly count: number;
  readonly payload: WebPayload;
}

export interface TurnLog {
  readonly accepted: (turn: {
    readonly eventId: string;
    readonly messageId: string;
    readonly sequence: number;
    readonly text: string;
  }) => void;
  /** What was said under a client's id. */
  readonly textOf: (messageId: string) => string | undefined;
  /** False when this very reply had come already. */
  readonly replied: (reply: ArrivedReply) => boolean;
  /** The turn ended and says nothing; `retryAfterMs` where that is because too much was said. */
  readonly silent: (eventId: string, retryAfterMs?: number) => void;
  /** When to say it again, where it was over the limits. */
  readonly retryAfter: (reference: TurnReference) => number | undefined;
  /** The client's id of the message that an event was. */
  readonly messageOf: (eventId: string) => string | undefined;
  /** The answer; undefined while it is not complete. */
  readonly answerTo: (reference: TurnReference) => readonly WebPayload[] | undefined;
  readonly knows: (reference: TurnReference) => boolean;
  /** Accepted turns without their whole answer. */
  readonly open: () => readonly string[];
  /** Resolves with the answer; with undefined after `waitMs`, or when the signal is aborted. */
  readonly wait: (
    reference: TurnReference,
    limits: { readonly waitMs: number; readonly signal: AbortSignal },
  ) => Promise<readonly WebPayload[] | undefined>;
  readonly waiting: () => number;
}

interface TurnEntry {
  readonly replies: Map<number, WebPayload>;
  sequence: number | undefined;
  text?: string;
  count: number | undefined;
  retryAfterMs?: number | undefined;
}

const MAX_TURNS = 100;

export function createTurnLog(): TurnLog {
  const turns = new LRUCache<string, TurnEntry>({ max: MAX_TURNS });
  const events = new LRUCache<string, string>({ max: MAX_TURNS });
  const listeners = new Set<() => void>();
  const state = { settledThrough: 0 };

  const entry = (eventId: string): TurnEntry => {
    const known = turns.peek(eventId);
    if (known !== undefined) return known;
    const turn: TurnEntry = { replies: new Map(), sequence: undefined, count: undefined };
    turns.set(eventId, turn);
    return turn;
  };
  const changed = (turn: TurnEntry): void => {
    if (isComplete(turn)) state.settledThrough = Math.max(state.settledThrough, turn.sequence ?? 0);
    for (const listener of listeners) listener();
  };
  const find = (reference: TurnReference): TurnEntry | undefined => {
    const eventId = "eventId" in reference ? reference.eventId : events.peek(reference.messageId);
    return eventId === undefined ? undefined : turns.peek(eventId);
  };
  // Turns run in order: an event before an answered one was part of that one's turn, or was left without an answer.
  const isSettled = (turn: TurnEntry): boolean =>
    isComplete(turn) || (turn.sequence !== undefined && turn.sequence < state.settledThrough);
  const isOpen = (turn: TurnEntry | undefined): boolean => turn?.sequence !== undefined && !isSettled(turn);
  const answerTo = (reference: TurnReference): readonly WebPayload[] | undefined => {
    const turn = find(reference);
    if (turn === undefined || !isSettled(turn)) return undefined;
    return [...turn.replies].toSorted(([left], [right]) => left - right).map(([, payload]) => payload);
  };

  return {
    accepted: ({ eventId, messageId, sequence, text }) => {
      events.set(messageId, eventId);
      const turn = Object.assign(entry(eventId), { sequence, text });
      // A broker that lost its data counts from 1 again.
      if (sequence <= state.settledThrough && !isComplete(turn)) state.settledThrough = 0;
      changed(turn);
    },
    replied: ({ eventId, messageId, index, count, payload }) => {
      const turn = entry(eventId);
      if (turn.replies.has(index)) return false;
      if (messageId !== undefined && !events.has(messageId)) events.set(messageId, eventId);
      turn.replies.set(index, payload);
      turn.count = count;
      changed(turn);
      return true;
    },
    textOf: (messageId) => find({ messageId })?.text,
    retryAfter: (reference) => find(reference)?.retryAfterMs,
    messageOf: (eventId) => [...events].find(([, value]) => value === eventId)?.[0],
    silent: (eventId, retryAfterMs) => {
      const turn = entry(eventId);
      changed(Object.assign(turn, { count: turn.count ?? 0, retryAfterMs }));
    },
    answerTo,
    knows: (reference) => find(reference) !== undefined,
    open: () => [...turns.rkeys()].filter((eventId) => isOpen(turns.peek(eventId))),
    wait: async (reference, limits) => await untilAnswered(() => answerTo(reference), { ...limits, listeners }),
    waiting: () => listeners.size,
  };
}

/** Asks again after every change, until there is an answer or the limits are reached. */
async function untilAnswered<Answer>(
  ask: () => Answer | undefined,
  limits: { readonly waitMs: number; readonly signal: AbortSignal; readonly listeners: Set<() => void> },
): Promise<Answer | undefined> {
  const { waitMs, signal, listeners } = limits;
  return await new Promise((resolve) => {
    const end = (answer: Answer | undefined): void => {
      clearTimeout(timer);
      listeners.delete(check);
      signal.removeEventListener("abort", stop);
      resolve(answer);
    };
    const check = (): void => {
      const answer = ask();
      if (answer !== undefined) end(answer);
    };
    const stop = (): void => end(undefined);
    const timer = setTimeout(stop, waitMs);
    listeners.add(check);
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    else check();
  });
}

function isComplete({ count, replies }: TurnEntry): boolean {
  return count !== undefined && replies.size >= count;
}
