/** Makes new versions: trained beside the serving one, judged against it, and put in its place only when they are as good. */
import type { Environment } from "../../../core/environment.ts";
import { describeError, ParleyError } from "../../../core/errors.ts";
import type { Telemetry } from "../../../core/telemetry.ts";
import type { ProductPort } from "../catalogue/product-source.ts";
import type { StorePlace } from "../data/interaction-source.ts";
import { runTraining, trainingFailed, type TrainingRun } from "./run-training.ts";
import type { Serving } from "./serving.ts";
import type { Summary } from "./summary.ts";
import { lockTraining } from "./training-lock.ts";
import type { Versions } from "./versions.ts";

/** What came of a refresh. */
export interface Refreshed {
  readonly version: string;
  /** Whether the new version serves now. */
  readonly replaced: boolean;
  readonly why: string;
  readonly summary: Summary;
}

/** A training is on its way already. */
export const trainingRuns = (): ParleyError =>
  new ParleyError(
    "recommend/training-runs",
    "A training is on its way already, here or in another process. Wait for it.",
    { status: 409, retryable: true },
  );

export interface RefresherParts {
  readonly bot: string;
  readonly versions: Versions;
  readonly serving: Pick<Serving, "refresh">;
  readonly port: Pick<ProductPort, "list">;
  readonly store: StorePlace;
  readonly sampleFile: string | undefined;
  readonly environment: Environment;
  readonly telemetry: Telemetry;
}

export type Refresher = ReturnType<typeof createRefresher>;

export interface RefreshOptions extends TrainingRun {
  /** Puts the new version in place whatever the comparison says. */
  readonly force?: boolean | undefined;
}

/** Makes it; one training at a time. */
export function createRefresher(parts: RefresherParts) {
  let running = false;
  return {
    isRunning: (): boolean => running,
    /** Throws `recommend/training-runs` when one is on its way, `recommend/training-failed` when nothing came of it. */
    refresh: async (run: RefreshOptions = {}): Promise<Refreshed> => {
      if (running) throw trainingRuns();
      running = true;
      try {
        return await locked(parts, async () => await measured(parts, async () => await makeVersion(parts, run)));
      } finally {
        running = false;
      }
    },
  };
}

async function locked<Result>({ versions, environment }: RefresherParts, work: () => Promise<Result>): Promise<Result> {
  const unlock = await onDisk(versions, "locked", lockTraining(versions.directory, environment.clock));
  if (unlock === undefined) throw trainingRuns();
  try {
    return await work();
  } finally {
    await unlock();
  }
}

/** A full or read-only disk is told as what it is. */
async function onDisk<Result>({ directory }: Versions, what: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (thrown) {
    throw trainingFailed(`${directory} cannot be ${what} (${describeError(thrown)}); see to its space and rights.`, {
      cause: thrown,
    });
  }
}

async function measured(
  { bot, environment, telemetry }: RefresherParts,
  work: () => Promise<Refreshed>,
): Promise<Refreshed> {
  const startedAt = environment.clock();
  let outcome = "failed";
  try {
    const refreshed = await work();
    outcome = refreshed.replaced ? "replaced" : "kept";
    return refreshed;
  } finally {
    telemetry.metrics.training({ bot, outcome }, (environment.clock() - startedAt) / 1000);
  }
}

async function makeVersion(
  { bot, versions, serving, port, store, sampleFile, environment, telemetry }: RefresherParts,
  { force = false, ...run }: RefreshOptions,
): Promise<Refreshed> {
  const current = await versions.current();
  const version = await versions.next();
  const products = await port.list();
  const { bytes, summary, verdict } = await runTraining(
    {
      version,
      now: new Date(environment.clock()).toISOString(),
      products: [...products],
      store,
      ...(sampleFile !== undefined && { sampleFile }),
      ...(current !== undefined && { serving: versions.pathOf(current) }),
    },
    run,
  );
  for (const [reason, count] of Object.entries(summary.cleaning)) telemetry.metrics.cleaned({ bot, reason }, count);
  // Kept in any case: `compare` shows what was not good enough, and `rollback` can go to it by hand.
  await onDisk(versions, "written", versions.write(version, bytes));
  const replaced = verdict.replace || force;
  if (replaced) {
    await onDisk(versions, "written", versions.activate(version));
    await serving.refresh();
  }
  telemetry.log.info({ version, model: summary.model, replaced, why: verdict.why }, "the recommender was trained");
  return { version, replaced, why: verdict.why, summary };
}
