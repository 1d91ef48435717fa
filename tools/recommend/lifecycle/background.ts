/** What the recommender does by itself: trains when it is time or when much is new, and forgets what is old. */
import type { Running } from "../../../core/broker/broker.ts";
import type { Clock } from "../../../core/environment.ts";
import { describeError, ParleyError } from "../../../core/errors.ts";
import type { InteractionStore } from "../../../core/store/interactions/index.ts";
import type { Logger } from "../../../core/telemetry.ts";
import { pauseFor } from "../../../core/timing/sleep.ts";
import type { Refresher } from "./refresher.ts";
import type { Serving } from "./serving.ts";
import type { Versions } from "./versions.ts";

export interface BackgroundParts {
  readonly refresher: Refresher;
  readonly serving: Pick<Serving, "bundle" | "refresh">;
  readonly versions: Pick<Versions, "list" | "current">;
  readonly store: InteractionStore;
  /** Train when the last training is longer ago than this. */
  readonly everyHours: number;
  /** Train when so many interactions came since. */
  readonly newInteractions: number;
  /** Interactions are kept this long. */
  readonly keepDays: number;
  readonly clock: Clock;
  readonly log: Logger;
}

const FIRST_LOOK_MS = 30_000;
const LOOK_EVERY_MS = 60_000;
const DAY_MS = 86_400_000;
/** A failed training is not repeated at once. */
const PAUSE_AFTER_FAILURE_MS = 30 * 60_000;

/** Starts it; closing ends a training in hand, and the serving version stays. */
export function startBackground(parts: BackgroundParts): Running {
  const closing = new AbortController();
  const loop = run(parts, closing.signal);
  return {
    close: async () => {
      closing.abort();
      await loop;
    },
  };
}

async function run(parts: BackgroundParts, signal: AbortSignal): Promise<void> {
  let prunedAt = -Infinity;
  // A process that has just started has better things to do.
  await pauseFor(FIRST_LOOK_MS, signal);
  while (!signal.aborted) {
    let pauseMs = LOOK_EVERY_MS;
    try {
      if (parts.clock() - prunedAt >= DAY_MS) {
        await parts.store.prune(new Date(parts.clock() - parts.keepDays * DAY_MS).toISOString());
        prunedAt = parts.clock();
      }
      if (await isDue(parts)) await parts.refresher.refresh({ signal });
    } catch (thrown) {
      if (signal.aborted) return;
      if (!(thrown instanceof ParleyError && thrown.code === "recommend/training-runs")) {
        parts.log.warn(
          { error: describeError(thrown) },
          "the recommender could not be refreshed and is tried again later",
        );
        pauseMs = PAUSE_AFTER_FAILURE_MS;
      }
    }
    await pauseFor(pauseMs, signal);
  }
}

/** By age of the last training, or by how much is new; at once without any, or when what is to serve cannot be read. */
export async function isDue(parts: Omit<BackgroundParts, "refresher" | "log" | "keepDays">): Promise<boolean> {
  const { serving, versions, store, everyHours, newInteractions, clock } = parts;
  const last = (await versions.list()).at(-1);
  if (last === undefined) return true;
  await serving.refresh();
  const served = (await serving.bundle())?.summary.version ?? STARTER;
  if (served === STARTER && (await versions.current()) !== undefined) return true;
  const { trainedAt } = last.summary;
  if (clock() - Date.parse(trainedAt) >= everyHours * 3_600_000) return true;
  return (await store.count({ receivedSince: trainedAt })) >= newInteractions;
}

/** The name of the version that a bot begins with, made when it starts and kept nowhere. */
export const STARTER = "v0000";
