/** The durable notes of one delivery, written before and after each part. */
import type { DeliveryAttempt } from "../broker/broker.ts";
import type { DeliveryProgress } from "../broker/outbox-entry.ts";
import type { Clock } from "../environment.ts";
import { ParleyError } from "../errors.ts";
import type { Elsewhere } from "../send-errors.ts";
import { backOffMs } from "../timing/back-off.ts";
import { type Sleep } from "../timing/sleep.ts";

export interface Progress {
  /** What was noted last. As many parts are sent as it has receipts. */
  readonly state: DeliveryProgress;
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

/** Whether the next part was, or may have been, on the wire before. */
export function isInDoubt({ sending, sent }: DeliveryProgress): boolean {
  return sending === sent.length;
}

/** Follows what `attempt.record` knows. Every method resolves when its note is durable, and rejects when it cannot be. */
export function createProgress(attempt: DeliveryAttempt, clock: Clock, sleep: Sleep): Progress {
  const progress = { state: attempt.progress ?? NO_PROGRESS };

  async function record(next: DeliveryProgress): Promise<void> {
    await attempt.record(next);
    progress.state = next;
  }
  /** Notes a change; nothing is on the wire any more. */
  async function recordOffWire(change: Partial<DeliveryProgress>): Promise<void> {
    const { sending: _sending, ...rest } = progress.state;
    await record({ ...rest, ...change });
  }

  return Object.assign(progress, {
    sending: async () => {
      const { state } = progress;
      if (!isInDoubt(state)) await record({ ...state, sending: state.sent.length });
    },
    sent: async (messageId: string) => {
      const { sent } = progress.state;
      const receipt = { part: sent.length, messageId, at: new Date(clock()).toISOString() };
      for (let failures = 1; ; failures++) {
        try {
          await recordOffWire({ sent: [...sent, receipt], failures: 0 });
          return;
        } catch (thrown) {
          if (!(thrown instanceof ParleyError && thrown.retryable)) throw thrown;
          await sleep(backOffMs(failures, RECEIPT_BACK_OFF, 0.5), attempt.signal);
        }
      }
    },
    notSent: async (failed: boolean) => {
      await recordOffWire({ failures: progress.state.failures + (failed ? 1 : 0) });
    },
    repeating: async () => {
      const { state } = progress;
      await record({ ...state, repeated: [...new Set([...state.repeated, state.sent.length])] });
    },
    failedInDoubt: async () => {
      await record({ ...progress.state, failures: progress.state.failures + 1 });
    },
    plain: async () => {
      await recordOffWire({ plain: true, plainFrom: progress.state.sent.length });
    },
    withoutFile: async () => {
      const { refusedAt = [], sent } = progress.state;
      await recordOffWire({ refusedAt: [...refusedAt, sent.length] });
    },
    moved: async (to: Elsewhere) => {
      await record({ ...NO_PROGRESS, moves: [...(progress.state.moves ?? []), to] });
    },
  });
}
