/** The durable notes of one delivery, written before and after each part. */
import type { DeliveryAttempt } from "../broker/broker.ts";
import type { DeliveryProgress } from "../broker/outbox-entry.ts";
import type { Clock } from "../environment.ts";
import { ParleyError } from "../errors.ts";
import type { Elsewhere } from "../send-errors.ts";
import { backOffMs } from "../timing/back-off.ts";
import { type Sleep } from "../timing/sleep.ts";

export interface Progress {
  readonly current: () => DeliveryProgress;
  /** The part that is sent next. */
  readonly next: () => number;
  /** True when the next part was, or may have been, on the wire before. */
  readonly inDoubt: () => boolean;
  readonly sending: () => Promise<void>;
  /** The receipt is in hand: written again until it is down, or the ownership is lost. */
  readonly sent: (messageId: string) => Promise<void>;
  /** The next part is certainly not sent; `failed` counts the try. */
  readonly notSent: (failed: boolean) => Promise<void>;
  /** The part is to be sent a second time although it may have arrived. */
  readonly repeating: () => Promise<void>;
  /** One more failed try; the part stays in doubt. */
  readonly failedInDoubt: () => Promise<void>;
  /** From the next part on the reply is plain text. */
  readonly plain: () => Promise<void>;
  /** The next part goes on without the file that was refused. */
  readonly withoutFile: () => Promise<void>;
  /** The reply is said in another place, from its beginning. */
  readonly moved: (to: Elsewhere) => Promise<void>;
}

export const NO_PROGRESS: DeliveryProgress = { sent: [], repeated: [], plain: false, failures: 0 };

const RECEIPT_BACK_OFF = { baseDelayMs: 200, maxDelayMs: 5_000 };

/** Follows what `attempt.record` knows. Every method resolves when its note is durable, and rejects when it cannot be. */
export function createProgress(attempt: DeliveryAttempt, clock: Clock, sleep: Sleep): Progress {
  let state: DeliveryProgress = attempt.progress ?? NO_PROGRESS;

  async function record(next: DeliveryProgress): Promise<void> {
    await attempt.record(next);
    state = next;
  }

  const next = (): number => state.sent.length;
  const settled = (): DeliveryProgress => {
    const { sending: _sending, ...rest } = state;
    return rest;
  };

  return {
    current: () => state,
    next,
    inDoubt: () => state.sending === next(),
    sending: async () => {
      if (state.sending !== next()) await record({ ...state, sending: next() });
    },
    sent: async (messageId) => {
      const receipt = { part: next(), messageId, at: new Date(clock()).toISOString() };
      const done = { ...settled(), sent: [...state.sent, receipt], failures: 0 };
      for (let failures = 1; ; failures++) {
        try {
          await record(done);
          return;
        } catch (thrown) {
          if (!(thrown instanceof ParleyError && thrown.retryable)) throw thrown;
          await sleep(backOffMs(failures, RECEIPT_BACK_OFF, 0.5), attempt.signal);
        }
      }
    },
    notSent: async (failed) => {
      await record({ ...settled(), failures: state.failures + (failed ? 1 : 0) });
    },
    repeating: async () => {
      await record({ ...state, repeated: [...new Set([...state.repeated, next()])] });
    },
    failedInDoubt: async () => {
      await record({ ...state, failures: state.failures + 1 });
    },
    plain: async () => {
      await record({ ...settled(), plain: true, plainFrom: next() });
    },
    withoutFile: async () => {
      await record({ ...settled(), refusedAt: [...(state.refusedAt ?? []), next()] });
    },
    moved: async (to) => {
      await record({ ...NO_PROGRESS, moves: [...(state.moves ?? []), to] });
    },
  };
}
