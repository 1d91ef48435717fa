/**
 * Who is there: every process that works, delivers or holds a connection is written down beside what it holds. When one
 * is dead (its process is gone on this machine, or no sign of life comes from another machine), the others take what it
 * held at once instead of waiting for its leases to run out. Its fences keep it out should it live after all.
 */
import { z } from "zod";
import type { Clock } from "../environment.ts";
import { describeError } from "../errors.ts";
import type { Telemetry } from "../telemetry.ts";
import { nextBeat } from "../timing/beat.ts";
import { monotonicClock, pauseFor } from "../timing/sleep.ts";
import { isGone, ProcessIdentity, processIdentity } from "./process-identity.ts";

/** How often a process looks whether the others live. Where none was there lately it looks with each beat of the process. */
const LOOK_MS = 250;
const LATELY_MS = 60_000;
/** How often it gives a sign of life. */
const SIGN_MS = 1_000;
/** So long without a new sign of life, and a process of another machine counts as dead. */
const SILENT_MS = 3_500;
/** Whoever did not look for so long cannot say how long another one was silent. */
const BLIND_MS = 1_500;

/** A process as it is written down. */
export const Member = ProcessIdentity.extend({
  id: z.string(),
  /** Grows with each sign of life. */
  beat: z.number().int(),
});
export type Member = z.infer<typeof Member>;

/** Where processes are written down. Each call is one atomic step, or may be repeated. */
export interface ProcessRegister {
  readonly announce: (member: Member) => Promise<void>;
  readonly members: () => Promise<readonly Member[]>;
  /** Ends what a process of the past held: its ownerships, and its claims, whose heads are suspects from then on. */
  readonly evict: (id: string) => Promise<void>;
  readonly leave: (id: string) => Promise<void>;
}

/** The name under which a process owns something for one period. */
export function ownerName(process: string, period: string): string {
  return `${process} ${period}`;
}

/** The process in an owner's name. */
export function processOf(owner: string): string {
  return owner.slice(0, Math.max(0, owner.indexOf(" ")));
}

/** This process among the others. */
export interface Presence {
  /** Names this opened broker in claims and ownerships. */
  readonly id: string;
  /** Writes this process down, looks after the others from then on, and resolves after the first look. Never rejects. */
  readonly join: () => Promise<void>;
  /** Whether no other was there lately, as far as it is known. */
  readonly isAlone: () => boolean;
  /** How many others are there, as far as it is known. */
  readonly others: () => Promise<number>;
  readonly close: () => Promise<void>;
}

export interface PresenceParts {
  readonly id: string;
  readonly register: ProcessRegister;
  readonly telemetry: Telemetry;
  readonly monotonic?: Clock;
}

/** Makes the presence of one opened broker; nothing happens before `join`. */
export function createPresence({ id, register, telemetry, monotonic = monotonicClock }: PresenceParts): Presence {
  const closing = new AbortController();
  const silence = createSilence(monotonic);
  let beat = 0;
  let beatAt = Number.NEGATIVE_INFINITY;
  let joined: Promise<void> | undefined;
  let looping: Promise<void> = Promise.resolve();
  let failing = false;
  let companyAt = Number.POSITIVE_INFINITY;
  const isAlone = (): boolean => monotonic() - companyAt > LATELY_MS;

  async function lookOnce(): Promise<void> {
    let announced: Promise<void> | undefined;
    try {
      if (monotonic() - beatAt >= SIGN_MS) {
        beatAt = monotonic();
        beat += 1;
        announced = register.announce({ ...processIdentity(), id, beat });
      }
      // At once: one round trip.
      const [members] = await Promise.all([register.members(), announced]);
      const others = members.filter((member) => member.id !== id);
      if (others.length > 0) companyAt = monotonic();
      else if (companyAt === Number.POSITIVE_INFINITY) companyAt = Number.NEGATIVE_INFINITY;
      silence.look(others);
      for (const member of others.filter((other) => isGone(other) || silence.isOver(other))) {
        await register.evict(member.id);
        telemetry.log.warn({ pid: member.pid }, "A process died; what it had in hand was taken over");
      }
      failing = false;
    } catch (thrown) {
      // The leases still run out by themselves.
      if (!failing) telemetry.log.debug({ error: describeError(thrown) }, "Other processes could not be looked after");
      failing = true;
    }
  }

  async function lookOn(): Promise<void> {
    while (!closing.signal.aborted) {
      await (isAlone() ? nextBeat(closing.signal) : pauseFor(LOOK_MS, closing.signal));
      if (!closing.signal.aborted) await lookOnce();
    }
  }

  return {
    id,
    isAlone,
    join: async () => {
      joined ??= lookOnce().then(() => {
        looping = lookOn();
      });
      await joined;
    },
    others: async () => (await register.members()).filter((member) => member.id !== id && !isGone(member)).length,
    close: async () => {
      closing.abort();
      if (joined === undefined) return;
      await joined;
      await looping;
      await register.leave(id).catch(() => undefined);
    },
  };
}

/** How long the others were silent, by this process's own clock and only while it really looked. */
function createSilence(monotonic: Clock) {
  let last = new Map<string, { readonly beat: number; readonly since: number }>();
  let lookedAt = monotonic();
  return {
    look: (others: readonly Member[]): void => {
      const now = monotonic();
      const wasBlind = now - lookedAt > BLIND_MS;
      lookedAt = now;
      last = new Map(
        others.map(({ id, beat }) => {
          const known = last.get(id);
          return [id, known?.beat === beat && !wasBlind ? known : { beat, since: now }];
        }),
      );
    },
    /** A process of this machine is asked for itself: one that hangs is not dead, and its leases run out. */
    isOver: ({ id, machine }: Member): boolean => {
      if (machine === processIdentity().machine) return false;
      const known = last.get(id);
      return known !== undefined && monotonic() - known.since >= SILENT_MS;
    },
  };
}
