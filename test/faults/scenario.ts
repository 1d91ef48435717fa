/** The frame of most experiments: feed events, let faults happen meanwhile, heal, wait until nothing moves, judge. */
import { setTimeout as sleep } from "node:timers/promises";
import { check, type Report, verdict } from "./checker.ts";
import type { Result } from "./experiment.ts";
import { feedSteadily, type Pace } from "./feed.ts";
import { openLedger } from "./ledger.ts";
import { machineNow, type Note, readNotes, tokenIn } from "./notes.ts";
import { platformOf, type RoadSpec } from "./road.ts";
import { openStage, type Stage, type StageOptions } from "./stage.ts";

export interface ScenarioOptions extends StageOptions {
  readonly workers?: number;
  readonly couriers?: number;
  readonly producers?: number;
  readonly workerSpec?: Partial<RoadSpec>;
  readonly pace: Pace;
  /** How long after the end of feed and faults everything may take to come to rest. */
  readonly settleMs?: number;
  /** Happens while the feed goes on; `feeding` is aborted when all is fed. */
  readonly faults?: (stage: Stage, feeding: AbortSignal) => Promise<void>;
  /** Before the processes start. */
  readonly prepare?: (stage: Stage) => Promise<void> | void;
  /** What else is to be found out before everything is taken down: more faults and figures. */
  readonly conclude?: (stage: Stage, facts: Facts) => Promise<Partial<Result>> | Partial<Result>;
  /** Keeps the folder when something was found. */
  readonly keepFiles?: boolean;
  /** Tokens that rightly stay unanswered. */
  readonly excused?: ReadonlySet<string>;
}

/** What is known of a run when it is over. */
export interface Facts {
  readonly report: Report;
  readonly notes: readonly Note[];
  /** How often each token's tool ran. */
  readonly runs: ReadonlyMap<string, number>;
  /** From the end of feed and faults until nothing moved. */
  readonly settledMs: number;
}

/** Runs a scenario and judges it. */
export async function runScenario(options: ScenarioOptions): Promise<Result> {
  const stage = await openStage(options);
  let failed = true;
  try {
    await options.prepare?.(stage);
    await startProcesses(stage, options);
    const feeding = new AbortController();
    const faults = options.faults?.(stage, feeding.signal);
    const fed = feedSteadily(stage.feed, options.pace).finally(() => feeding.abort());
    await giveUpAfter(Promise.all([fed, faults]), 180_000);
    const settledMs = await settle(stage, options.settleMs ?? 45_000);
    const facts = await collect(stage, { settledMs, excused: options.excused ?? new Set() });
    const more = await options.conclude?.(stage, facts);
    const result = resultOf(facts, more);
    failed = result.faults.length > 0;
    return result;
  } finally {
    await stage.close(failed && options.keepFiles === true);
  }
}

async function startProcesses(stage: Stage, options: ScenarioOptions): Promise<void> {
  const { workers = 2, couriers = 1, producers = 1, workerSpec } = options;
  await Promise.all([
    ...Array.from({ length: workers }, async () => await stage.start("worker", workerSpec)),
    ...Array.from({ length: couriers }, async () => await stage.start("courier")),
    ...Array.from({ length: producers }, async () => await stage.start("producer")),
  ]);
}

/** Waits until nothing waits, runs or is to be delivered, twice in a row; gives how long that took. */
export async function settle(stage: Stage, deadlineMs: number): Promise<number> {
  const startedAt = machineNow();
  let quiet = 0;
  while (quiet < 3 && machineNow() - startedAt < deadlineMs) {
    const counts = await stage.counts();
    const rests = counts !== undefined && counts.waiting + counts.running + counts.outbox === 0;
    quiet = rests && stage.feed.open() === 0 ? quiet + 1 : 0;
    await sleep(250);
  }
  return machineNow() - startedAt;
}

/** Gathers the evidence and has it judged. */
export async function collect(
  stage: Stage,
  { settledMs, excused }: { readonly settledMs: number; readonly excused: ReadonlySet<string> },
): Promise<Facts> {
  const notes = readNotes(stage.directory);
  const ledger = openLedger(stage.directory);
  const counts = await stage.counts();
  const report = check({
    operations: stage.feed.operations,
    // What the framework says by itself (a notice of a dead letter) answers no token.
    committed: notes.filter((note) => note.kind === "entry").filter(({ token }) => token !== ""),
    shown: stage.arrivals
      .filter(({ shown }) => shown)
      .map(({ text, key }) => ({ token: tokenIn(text), key }))
      .filter(({ token }) => token !== ""),
    effects: ledger.effects(),
    waiting: counts === undefined ? -1 : counts.waiting + counts.outbox,
    excused,
    dropsRepeats: (token) => platformOf(token) === "keyed",
  });
  const runs = ledger.runs();
  ledger.close();
  return { report, notes, runs, settledMs };
}

function resultOf(facts: Facts, more: Partial<Result> = {}): Result {
  const { report, runs, notes } = facts;
  return {
    faults: [...verdict(report), ...(more.faults ?? [])],
    figures: {
      ...more.figures,
      "double runs": [...runs.values()].filter((count) => count > 1).length,
      fenced: notes.filter((note) => note.kind === "end" && note.fenced).length,
      "seen twice": report.visibleDuplicates.length,
      unknown: report.unseen.length,
    },
    report,
  };
}

async function giveUpAfter(work: Promise<unknown>, ms: number): Promise<void> {
  const late = new AbortController();
  const deadline = sleep(ms, undefined, { signal: late.signal }).catch(() => undefined);
  await Promise.race([work, deadline]);
  late.abort();
}

