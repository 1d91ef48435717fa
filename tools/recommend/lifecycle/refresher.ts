/** Makes new versions: trained beside the serving one, judged against it, and put in its place only when they are as good. */
import type { OpenContext } from "../../../core/bot.ts";
import type { Environment } from "../../../core/environment.ts";
import { describeError, ParleyError } from "../../../core/errors.ts";
import type { Telemetry } from "../../../core/telemetry.ts";
import type { ProductPort } from "../catalogue/product-source.ts";
import type { StorePlace } from "../data/interaction-source.ts";
import { runTraining, trainingFailed, type TrainingRun } from "./run-training.ts";
import type { Serving } from "./serving.ts";
import type { Summary } from "./summary.ts";
import type { NewVersion, Versions } from "./versions.ts";

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
  readonly announce?: OpenContext["announce"] | undefined;
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
    refresh: async (options: RefreshOptions = {}): Promise<Refreshed> => {
      if (running) throw trainingRuns();
      running = true;
      try {
        return await locked(
          parts,
          options,
          async (run) => await measured(parts, async () => await makeVersion(parts, run)),
        );
      } finally {
        running = false;
      }
    },
  };
}

async function locked<Result>(
  { versions }: RefresherParts,
  run: RefreshOptions,
  work: (run: RefreshOptions) => Promise<Result>,
): Promise<Result> {
  const lock = await versions.lockTraining();
  if (lock === undefined) throw trainingRuns();
  const { signal } = run;
  try {
    return await work({ ...run, signal: signal === undefined ? lock.lost : AbortSignal.any([signal, lock.lost]) });
  } finally {
    await lock.unlock();
  }
}

async function measured(
  { bot, environment, telemetry, announce }: RefresherParts,
  work: () => Promise<Refreshed>,
): Promise<Refreshed> {
  const startedAt = environment.clock();
  let outcome: "replaced" | "kept" | "failed" = "failed";
  let made: { readonly model: string; readonly version: string } | undefined;
  try {
    const refreshed = await work();
    outcome = refreshed.replaced ? "replaced" : "kept";
    made = { model: refreshed.summary.model, version: refreshed.version };
    return refreshed;
  } finally {
    const source = `training ${made?.version ?? environment.newId()}`;
    await announce?.({ source, type: "training.finished", data: { outcome, ...made } });
    telemetry.metrics.training({ bot, outcome }, (environment.clock() - startedAt) / 1000);
  }
}

async function makeVersion(
  { bot, versions, serving, port, store, sampleFile, environment, telemetry }: RefresherParts,
  { force = false, ...run }: RefreshOptions,
): Promise<Refreshed> {
  const version = await versions.next();
  const products = await port.list();
  const rival = await servingBytes(versions);
  const { bytes, summary, verdict } = await runTraining(
    {
      version,
      now: new Date(environment.clock()).toISOString(),
      products: [...products],
      store,
      ...(sampleFile !== undefined && { sampleFile }),
      ...(rival !== undefined && { serving: rival }),
    },
    run,
  );
  for (const [reason, count] of Object.entries(summary.cleaning)) telemetry.metrics.cleaned({ bot, reason }, count);
  const replaced = verdict.replace || force;
  // Kept in any case: `compare` shows what was not good enough, and `rollback` can go to it by hand.
  await keep(versions, { bytes, summary, verdict, serves: replaced });
  // It is kept: where its file cannot be read back just now, whoever follows tries again.
  if (replaced) await serving.refresh().catch(() => undefined);
  telemetry.log.info({ version, model: summary.model, replaced, why: verdict.why }, "the recommender was trained");
  return { version, replaced, why: verdict.why, summary };
}

/** One that cannot be read is no rival. */
async function servingBytes(versions: Versions): Promise<Uint8Array | undefined> {
  const current = await versions.current();
  return current === undefined ? undefined : await versions.read(current).catch(() => undefined);
}

/** A full or read-only disk is told as what it is. */
async function keep(versions: Versions, version: NewVersion): Promise<void> {
  try {
    await versions.add(version);
  } catch (thrown) {
    throw trainingFailed(
      `it cannot be written to ${versions.place} (${describeError(thrown)}); see to its space and rights.`,
      { cause: thrown },
    );
  }
}
