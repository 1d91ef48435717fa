import type { Timing } from "../../agents/models/timing.ts";

/** Time that stands still until a test lets it pass: no slow machine makes anything late. */
export interface ManualTiming extends Timing {
  /** Rings what is due, in its order. */
  readonly pass: (milliseconds: number) => void;
  /** Resolves as soon as an alarm of that length is set, or is none. */
  readonly untilSet: (milliseconds: number, isSet?: boolean) => Promise<void>;
  /** Resolves when the next alarm of that length is set. */
  readonly untilSetAnew: (milliseconds: number) => Promise<void>;
}

interface Alarm {
  readonly milliseconds: number;
  readonly at: number;
  readonly ring: () => void;
}

/** Pauses take no time but on this clock; `onSleep` is told each. */
export function manualTiming(onSleep: (milliseconds: number) => void = () => undefined): ManualTiming {
  let now = 0;
  const alarms = new Set<Alarm>();
  const waiting = new Set<() => void>();
  const tell = (): void => waiting.forEach((look) => look());
  const until = (holds: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!holds()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  const lengthsSet = (): readonly number[] => [...alarms].map(({ milliseconds }) => milliseconds);
  const pass = (milliseconds: number): void => {
    const end = now + milliseconds;
    for (;;) {
      const [next] = [...alarms].toSorted((left, right) => left.at - right.at);
      if (next === undefined || next.at > end) break;
      alarms.delete(next);
      now = next.at;
      next.ring();
    }
    now = end;
    tell();
  };
  return {
    now: () => now,
    sleep: async (milliseconds, signal) => {
      onSleep(milliseconds);
      pass(milliseconds);
      signal.throwIfAborted();
    },
    after: (milliseconds, ring) => {
      const alarm = { milliseconds, at: now + milliseconds, ring };
      alarms.add(alarm);
      tell();
      return () => {
        alarms.delete(alarm);
        tell();
      };
    },
    pass,
    untilSet: (milliseconds, isSet = true) => until(() => lengthsSet().includes(milliseconds) === isSet),
    untilSetAnew: async (milliseconds) => {
      const before = new Set(alarms);
      await until(() => [...alarms].some((alarm) => alarm.milliseconds === milliseconds && !before.has(alarm)));
    },
  };
}
