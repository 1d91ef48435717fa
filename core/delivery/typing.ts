/**
 * Keeps "is typing" alive while a turn runs, and always clears it.
 *
 * Per chat it is off, or on until `clear`, `close` or the watchdog. Platform calls of one chat follow each other, so
 * the last one is always the one that clears. A failing signal costs nothing but itself.
 */
import type { AdapterSession, Capabilities } from "../adapter.ts";
import type { ConversationId } from "../conversation-id.ts";
import { ParleyError } from "../errors.ts";
import type { ReplyTarget } from "../reply.ts";
import type { Logger } from "../telemetry.ts";
import { within } from "../timing/deadline.ts";
import { type Sleep, realSleep } from "../timing/sleep.ts";
import { briefError } from "./brief-error.ts";

/** Whose turn is shown, and where. */
export interface TypingTurn {
  readonly conversation: ConversationId;
  readonly eventId: string;
  readonly target: ReplyTarget;
}

export interface Typing {
  /** Shows it for this turn; a turn that was shown before hands over. */
  readonly show: (turn: TypingTurn) => void;
  /** Takes it away, unless another turn has taken over; resolves when the platform was told. */
  readonly clear: (turn: Omit<TypingTurn, "target">) => Promise<void>;
  /** Clears all. */
  readonly close: () => Promise<void>;
}

export interface TypingOptions {
  readonly typing: Capabilities["typing"];
  readonly session: { readonly typing?: AdapterSession<never>["typing"] };
  readonly log: Logger;
  readonly sleep?: Sleep;
  /** Cleared after this long whatever happens. @default 120_000 */
  readonly maxMs?: number;
}

interface Shown {
  eventId: string;
  elapsedMs: number;
  readonly stop: AbortController;
  done: Promise<void>;
}

const CLEAR_TRIES = 4;
const CLEAR_PAUSE_MS = 1_000;
/** A typing call that takes longer is left alone. */
const CALL_TIMEOUT_MS = 10_000;

/** The typing indicators of one account; does nothing where the platform has none. */
export function createTyping(options: TypingOptions): Typing {
  const { typing, log, sleep = realSleep, maxMs = 120_000 } = options;
  const { typing: call } = options.session;
  const shown = new Map<ConversationId, Shown>();
  let closed = false;

  /** Gives the pause that the platform asked for, where the call failed: that costs nothing but itself. */
  async function tell(target: ReplyTarget, on: boolean): Promise<number | undefined> {
    try {
      await within(async () => await call?.(target, on), { ms: CALL_TIMEOUT_MS, sleep });
      return undefined;
    } catch (thrown) {
      log.debug({ error: briefError(thrown), on }, "A typing signal failed");
      return (thrown instanceof ParleyError ? thrown.retryAfterMs : undefined) ?? 0;
    }
  }

  async function keepAlive(target: ReplyTarget, refreshMs: number, state: Shown): Promise<void> {
    while (!state.stop.signal.aborted && state.elapsedMs < maxMs) {
      const pauseMs = (await tell(target, true)) ?? 0;
      const waitMs = Math.min(Math.max(refreshMs, pauseMs, 1), maxMs - state.elapsedMs);
      await sleep(waitMs, state.stop.signal).catch(() => undefined);
      state.elapsedMs += waitMs;
    }
    for (let tries = 1; tries <= CLEAR_TRIES; tries++) {
      if ((await tell(target, false)) === undefined) return;
      await sleep(CLEAR_PAUSE_MS);
    }
  }

  async function stop(conversation: ConversationId): Promise<void> {
    const current = shown.get(conversation);
    current?.stop.abort();
    await current?.done;
  }

  return {
    show: (turn) => {
      if (typing === false || call === undefined || closed) return;
      const before = shown.get(turn.conversation);
      if (before !== undefined && !before.stop.signal.aborted) {
        if (before.eventId !== turn.eventId) before.elapsedMs = 0;
        before.eventId = turn.eventId;
        return;
      }
      const { eventId } = turn;
      const state: Shown = { eventId, elapsedMs: 0, stop: new AbortController(), done: Promise.resolve() };
      state.done = (before?.done ?? Promise.resolve())
        .then(() => keepAlive(turn.target, typing.refreshMs, state))
        .finally(() => {
          if (shown.get(turn.conversation) === state) shown.delete(turn.conversation);
        });
      shown.set(turn.conversation, state);
    },
    clear: async ({ conversation, eventId }) => {
      if (shown.get(conversation)?.eventId === eventId) await stop(conversation);
    },
    close: async () => {
      closed = true;
      await Promise.all([...shown.keys()].map(stop));
    },
  };
}
