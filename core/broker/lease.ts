/**
 * Leases: kept alive while work goes on (claims and ownerships), and ownership by them, one process at a time: the
 * delivery of an account, and the connection of an account beside it. A stand-by waits until the owner is gone.
 */
import { type AccountId, accountId, conversationParts } from "../conversation-id.ts";
import type { Clock, Environment } from "../environment.ts";
import { describeError } from "../errors.ts";
import type { Telemetry } from "../telemetry.ts";
import { repeat } from "../timing/beat.ts";
import { linkSignals } from "../timing/signals.ts";
import { monotonicClock, pauseFor } from "../timing/sleep.ts";
import type { HoldWork, Running } from "./broker.ts";
import { ownerName, type Presence } from "./presence.ts";
import type { Outboxes } from "./primitives.ts";

/**
 * Default lease of claims and ownerships. A dead worker's conversations wait for its end, so with the time until it is
 * noticed it has to stay well under 10 s.
 */
export const DEFAULT_LEASE_MS = 6_000;

export interface LeaseOptions {
  readonly leaseMs: number;
  /** Asks the storage for more time; false when somebody else holds the lease now. A throw means "not known". */
  readonly renew: () => Promise<boolean>;
  /**
   * Called at most once. `taken`: another holder has it. `expired`: the storage did not answer for a whole lease, so
   * another holder may have it.
   */
  readonly onLost: (how: "taken" | "expired") => void;
  /** A renewal threw; the lease may still hold. */
  readonly onTrouble: (thrown: unknown) => void;
  readonly monotonic: Clock;
}

/** Renews every third of the lease until `stop` is called or the lease is lost. Begins with a fresh lease. */
export function keepLease(options: LeaseOptions): { readonly stop: () => void } {
  const { leaseMs, monotonic } = options;
  let until = monotonic() + leaseMs;
  let renewing = false;
  let stopped = false;
  const stopTicking = repeat(() => void tick(), leaseMs / 3);

  function stop(): void {
    stopped = true;
    stopTicking();
  }

  function lose(how: "taken" | "expired"): void {
    if (stopped) return;
    stop();
    options.onLost(how);
  }

  async function tick(): Promise<void> {
    if (renewing) {
      if (monotonic() >= until) lose("expired");
      return;
    }
    renewing = true;
    // The new lease counts from before the question, never from the answer, which may be late.
    const asked = monotonic();
    try {
      if (await options.renew()) until = asked + leaseMs;
      else lose("taken");
    } catch (thrown) {
      if (stopped) return;
      options.onTrouble(thrown);
      if (monotonic() >= until) lose("expired");
    } finally {
      renewing = false;
    }
  }

  return { stop };
}

const DEFAULT_GRACE_MS = 10_000;
const STAND_BY_MS = 250;

/** What ownership is built on. */
export interface OwnershipParts {
  readonly outboxes: Pick<Outboxes, "own" | "release">;
  readonly presence: Presence;
  readonly environment: Environment;
  readonly telemetry: Telemetry;
  /** Forward-only time for leases; tests hand in their own. */
  readonly monotonic?: Clock;
}

/** A period of ownership. */
export interface Period {
  readonly epoch: number;
  /** Nothing further begins: the process closes, or the ownership was lost. */
  readonly closing: AbortSignal;
  /** What is in hand is aborted: the grace is over, or the ownership was lost. */
  readonly stopping: AbortSignal;
  /** Gives the ownership up, as if it had been lost. */
  readonly lose: () => void;
}

export interface OwnershipTask {
  readonly name: AccountId;
  readonly leaseMs?: number | undefined;
  /** Runs once for each period, until `closing`. A throw ends the period; it is taken up again after a pause. */
  readonly work: (period: Period) => Promise<void>;
}

/** Runs the work whenever this process is the owner, until closed. */
export function runWhileOwner(parts: OwnershipParts, task: OwnershipTask): Running {
  const closing = new AbortController();
  const stopping = new AbortController();
  const loop = takeTurns(parts, task, { closing: closing.signal, stopping: stopping.signal });
  let closed: Promise<void> | undefined;
  const close = async (graceMs: number): Promise<void> => {
    closing.abort();
    const overdue = setTimeout(() => stopping.abort(), graceMs);
    await loop;
    clearTimeout(overdue);
  };
  return {
    close: async (graceMs = DEFAULT_GRACE_MS) => {
      closed ??= close(graceMs);
      await closed;
    },
  };
}

type Ending = Pick<Period, "closing" | "stopping">;

async function takeTurns(parts: OwnershipParts, task: OwnershipTask, ending: Ending): Promise<void> {
  const { outboxes, environment, presence, telemetry } = parts;
  const { name, leaseMs = DEFAULT_LEASE_MS } = task;
  // After it a dead predecessor stands in nobody's way.
  await presence.join();
  const newName = (): string => ownerName(presence.id, environment.newId());
  let owner = newName();
  let past: string | undefined;
  while (!ending.closing.aborted) {
    try {
      // A question whose answer is lost may have been granted: it is asked again under the same name, or this process
      // would stand by behind itself.
      const epoch = await outboxes.own(name, owner, leaseMs, past);
      if (epoch === undefined) {
        await pauseFor(standByMs(leaseMs, environment.random()), ending.closing);
        continue;
      }
      try {
        await workAsOwner(parts, { ...task, leaseMs, owner, epoch }, ending);
      } finally {
        past = owner;
        // A name per period of ownership: what is left of a lost period must not pass the fence of the next one.
        owner = newName();
        await outboxes.release(name, past);
      }
    } catch (thrown) {
      telemetry.log.warn({ account: name, error: describeError(thrown) }, "The ownership ended; trying again");
      await pauseFor(standByMs(leaseMs, environment.random()), ending.closing);
    }
  }
}

/** A stand-by asks a few times per second, not in step with others: a dead owner is put out long before its lease ends. */
function standByMs(leaseMs: number, random: number): number {
  return Math.min(leaseMs / 6, STAND_BY_MS) * (0.5 + random);
}

async function workAsOwner(
  parts: OwnershipParts,
  task: OwnershipTask & { readonly leaseMs: number; readonly owner: string; readonly epoch: number },
  ending: Ending,
): Promise<void> {
  const { name, epoch, leaseMs, owner } = task;
  const lost = new AbortController();
  const lease = keepLease({
    leaseMs,
    monotonic: parts.monotonic ?? monotonicClock,
    renew: async () => (await parts.outboxes.own(name, owner, leaseMs)) === epoch,
    onLost: () => lost.abort(),
    onTrouble: (thrown) =>
      parts.telemetry.log.warn(
        { account: name, error: describeError(thrown) },
        "The outbox's ownership could not be renewed",
      ),
  });
  const closing = linkSignals([ending.closing, lost.signal]);
  const stopping = linkSignals([ending.stopping, lost.signal]);
  try {
    await task.work({
      epoch,
      closing: closing.signal,
      stopping: stopping.signal,
      lose: () => lost.abort(),
    });
  } finally {
    lease.stop();
    closing.release();
    stopping.release();
  }
}

/** The name under which an account's connection is owned. */
export function connectionOf(account: AccountId): AccountId {
  const { platform, account: name } = conversationParts(`${account}:x`);
  return accountId("connection", `${platform}:${name}`);
}

/** Runs the work while this process is the only one that holds the account's connection, until closed. */
export function startHold(parts: OwnershipParts, account: AccountId, work: HoldWork): Running {
  return runWhileOwner(parts, {
    name: connectionOf(account),
    work: async ({ closing, stopping }) => await work({ closing, stopping }),
  });
}
