import { randomUUID } from "node:crypto";
import type { Clock } from "../../../core/environment.ts";
import type { Database } from "../../../core/store/sql/database.ts";
import { holdTraining, leaveTraining } from "./registry.ts";

/** Whoever died has held it for so long at most; clocks of the machines may differ by less. */
const HELD_MS = 90_000;
const RENEW_MS = 20_000;

export interface TrainingLock {
  /** Aborts when somebody else trains: this process was away for too long. */
  readonly lost: AbortSignal;
  readonly unlock: () => Promise<void>;
}

/** Locks the trainings of a bot among all processes; undefined when one is on its way. Throws `store/database`. */
export async function lockTraining(database: Database, bot: string, clock: Clock): Promise<TrainingLock | undefined> {
  const holder = randomUUID();
  const hold = async (): Promise<boolean> => {
    const now = clock();
    return (await database.change(holdTraining, { bot, holder, now, until: now + HELD_MS })) === 1;
  };
  if (!(await hold())) return undefined;
  const lost = new AbortController();
  const renewing = setInterval(() => {
    hold().then(
      (isHeld) => {
        if (!isHeld) lost.abort();
      },
      // While the database is away nobody else takes the lock.
      () => undefined,
    );
  }, RENEW_MS);
  return {
    lost: lost.signal,
    unlock: async () => {
      clearInterval(renewing);
      await database.change(leaveTraining, { bot, holder });
    },
  };
}
