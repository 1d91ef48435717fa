/** The frame of most experiments: feed events, let faults happen meanwhile, heal, wait until nothing moves, judge. */
import { setTimeout as sleep } from "node:timers/promises";
import { check, type Report, verdict } from "./checker.ts";
import { textOf } from "../../core/event.ts";
import { must, type Result } from "./experiment.ts";
import { feedSteadily, type Pace } from "./feed.ts";
import { openLedger } from "./ledger.ts";
import { machineNow, type Note, readNotes, tokenIn } from "./notes.ts";
import { platformOf, type RoadSpec } from "./road.ts";
import { describeSlowness } from "./slowness.ts";
import { readState } from "./state.ts";
import { openStage, type Stage, type StageOptions } from "./stage.ts";

export interface ScenarioOptions extends StageOptions {
  readonly workers?: number;
  readonly couriers?: number;
  readonly producers?: number;
  readonly workerSpec?: Partial<RoadSpec>;
  readonly pace: Pace;
  /** For how long nothing may be answered after the end of feed and faults, though something waits. */
  readonly settleMs?: number;
  /** Happens while the feed goes on; `feeding` is aborted when as much as planned was fed. */
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
  /** Messages that went to the dead letters through no fault of their own, and were put back. */
  readonly setAside: ReadonlySet<string>;
  /** Replies whose outcome is recorded as something else than delivered. */
  readonly notDelivered: number;
}

/** Feed and faults may take so long at most. */
const GIVE_UP_MS = 900_000;

/** Runs a scenario and judges it. */
export async function runScenario(options: ScenarioOptions): Promise<Result> {
  const stage = await openStage(options);
  let failed = true;
  try {
    await options.prepare?.(stage);
    await startProcesses(stage, options);
    await feedAndBreak(stage, options);
    const settledMs = await settle(stage, options.settleMs ?? 45_000);
    const excused = options.excused ?? new Set();
    const setAside = options.mutant === undefined ? await resubmitAll(stage, excused) : new Set<string>();
    const facts = await collect(stage, { settledMs, excused, setAside });
    const more = await options.conclude?.(stage, facts);
    const result = resultOf(facts, stage, more);
    failed = result.faults.length > 0;
    return result;
  } finally {
    await stage.close(failed && options.keepFiles === true);
  }
}

async function feedAndBreak(stage: Stage, options: ScenarioOptions): Promise<void> {
  const feeding = new AbortController();
  let breaking = options.pace.whileFaults === true;
  const faults = options.faults?.(stage, feeding.signal).finally(() => {
    breaking = false;
  });
  const fed = feedSteadily(stage.feed, options.pace, {
    goesOn: () => breaking,
    onEnough: () => feeding.abort(),
  });
  const inTime = await within(GIVE_UP_MS, Promise.all([fed, faults]));
  breaking = false;
  if (!inTime) throw new Error(`feed and faults did not end within ${GIVE_UP_MS / 1000} s`);
}

/**
 * Puts back what went to the dead letters beside what the experiment wants there: a message whose worker was killed
 * under it too often. It is not lost, so it has to be answered now. Gives the tokens.
 */
async function resubmitAll(stage: Stage, wanted: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const { deadLetters } = await stage.observer();
  const letters = await deadLetters.list({ limit: 1_000 });
  const others = letters.filter(({ event }) => !wanted.has(tokenIn(textOf(event))));
  for (const { id } of others) await deadLetters.resubmit(id);
  if (others.length > 0) await settle(stage, 20_000);
  return new Set(others.map(({ event }) => tokenIn(textOf(event))));
}

async function startProcesses(stage: Stage, options: ScenarioOptions): Promise<void> {
  const { workers = 2, couriers = 1, producers = 1, workerSpec } = options;
  await Promise.all([
    ...Array.from({ length: workers }, async () => await stage.start("worker", workerSpec)),
    ...Array.from({ length: couriers }, async () => await stage.start("courier")),
    ...Array.from({ length: producers }, async () => await stage.start("producer")),
  ]);
}

/**
 * Waits until nothing waits, runs or is to be delivered, twice in a row; gives how long that took. Gives up when nothing was
 * answered for so long: a busy machine works off slowly what it was fed.
 */
export async function settle(stage: Stage, deadlineMs: number): Promise<number> {
  const startedAt = machineNow();
  let quiet = 0;
  let answered = stage.arrivals.length;
  let movedAt = startedAt;
  while (quiet < 3 && machineNow() - movedAt < deadlineMs) {
    const counts = await stage.counts();
    const rests = counts !== undefined && counts.waiting + counts.running + counts.outbox === 0;
    quiet = rests && stage.feed.open() === 0 ? quiet + 1 : 0;
    if (stage.arrivals.length > answered) movedAt = machineNow();
    answered = stage.arrivals.length;
    await sleep(250);
  }
  return machineNow() - startedAt;
}

/** Gathers the evidence and has it judged. */
export async function collect(
  stage: Stage,
  run: {
    readonly settledMs: number;
    readonly excused: ReadonlySet<string>;
    readonly setAside: ReadonlySet<string>;
  },
): Promise<Facts> {
  const notes = readNotes(stage.directory);
  const ledger = openLedger(stage.directory);
  const counts = await stage.counts();
  const stored = await readState(await stage.databases());
  const report = check({
    operations: stage.feed.operations,
    // What the framework says by itself (a notice of a dead letter) answers no token.
    committed: notes.filter((note) => note.kind === "entry").filter(({ token }) => token !== ""),
    shown: stage.arrivals
      .filter(({ shown }) => shown)
      .map(({ text, key }) => ({ token: tokenIn(text), key }))
      .filter(({ token }) => token !== ""),
    effects: ledger.effects(),
    stored,
    waiting: counts === undefined ? -1 : counts.waiting + counts.outbox,
    excused: run.excused,
    // What was put back comes behind what came after it.
    reordered: new Set([...run.excused, ...run.setAside]),
    dropsRepeats: (token) => platformOf(token) === "keyed",
  });
  const runs = ledger.runs();
  ledger.close();
  return {
    report,
    notes,
    runs,
    settledMs: run.settledMs,
    setAside: run.setAside,
    notDelivered: stored.deliveries.filter(({ outcome }) => outcome !== "delivered").length,
  };
}

function resultOf(facts: Facts, stage: Stage, more: Partial<Result> = {}): Result {
  const { report, runs, notes } = facts;
  return {
    faults: [
      ...verdict(report),
      ...must(
        report.unseen.length <= facts.notDelivered,
        `${report.unseen.length} replies unseen, and not recorded so`,
      ),
      ...(more.faults ?? []),
    ],
    figures: {
      ...more.figures,
      "double runs": [...runs.values()].filter((count) => count > 1).length,
      fenced: notes.filter((note) => note.kind === "end" && note.fenced).length,
      "seen twice": report.visibleDuplicates.length,
      "seen by nobody": report.unseen.length,
      "recorded unknown": facts.notDelivered,
      "put back": facts.setAside.size,
      "slower than a quiet machine": describeSlowness(stage.slowness()),
    },
    report,
  };
}

async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  const done = new AbortController();
  const deadline = sleep(ms, false, { signal: done.signal }).catch(() => false);
  const inTime = await Promise.race([work.then(() => true), deadline]);
  done.abort();
  return inTime;
}
