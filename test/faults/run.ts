/**
 * `npm run test:faults [-- --short] [--only F1,F5] [--kind redis|embedded] [--store sqlite|postgres|both] [--mutant fence|sweeper|bystanders|successor]
 * [--json] [--keep] [--lanes 2] [--list]`: breaks the road in every way of the table and checks that nothing
 * was lost, doubled, or left lying; then breaks the product itself and checks that the harness notices.
 */
import { parseArgs } from "node:util";
import type { Engine } from "../../core/store/sql/database.ts";
import { killAll } from "./actors.ts";
import { buildProcesses, removeBuild } from "./build.ts";
import type { Experiment, Result } from "./experiment.ts";
import { experiments } from "./experiments/index.ts";
import { cleanUpStages, type Kind } from "./stage.ts";

const { values: flags } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    only: { type: "string" },
    kind: { type: "string" },
    store: { type: "string", default: "sqlite" },
    json: { type: "boolean", default: false },
    lanes: { type: "string", default: "2" },
    keep: { type: "boolean", default: false },
    mutant: { type: "string" },
    list: { type: "boolean", default: false },
  },
});

interface Planned {
  readonly experiment: Experiment;
  readonly kind: Kind;
  readonly store: Engine;
}

interface Row extends Planned {
  readonly result: Result;
  readonly passed: boolean;
  readonly seconds: number;
}

function cleanUp(): void {
  killAll();
  cleanUpStages();
  removeBuild();
}

for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const) {
  process.on(signal, () => {
    cleanUp();
    process.exit(code);
  });
}

function chosen(): readonly Planned[] {
  const only = flags.only?.toUpperCase().split(",");
  return experiments
    .filter(({ id }) => only === undefined || only.includes(id.toUpperCase()))
    .filter(({ mutant }) => flags.mutant === undefined || mutant?.without === flags.mutant)
    .flatMap((experiment) => experiment.kinds.map((kind) => ({ experiment, kind })))
    .flatMap((planned) => planned.experiment.stores.map((store) => ({ ...planned, store })))
    .filter(({ kind }) => flags.kind === undefined || kind === flags.kind)
    .filter(({ store }) => flags.store === "both" || store === flags.store);
}

async function runOne(planned: Planned): Promise<Row> {
  const { experiment, kind, store } = planned;
  const startedAt = performance.now();
  let result: Result;
  try {
    result = await experiment.run(kind, { store, short: flags.short, keepFiles: flags.keep });
  } catch (thrown) {
    const error = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    // A harness that breaks down proves nothing, for a mutant neither.
    const row = { faults: [`the experiment broke down: ${error}`], figures: {} };
    return finish({ ...planned, result: row, passed: false, seconds: (performance.now() - startedAt) / 1000 });
  }
  const { mutant } = experiment;
  const isSound = result.faults.length === 0;
  const isNoticed = mutant !== undefined && result.faults.some((fault) => mutant.finds.test(fault));
  const passed = result.skipped !== undefined || (mutant === undefined ? isSound : isNoticed);
  return finish({ ...planned, result, passed, seconds: (performance.now() - startedAt) / 1000 });
}

function finish(row: Row): Row {
  if (!flags.json) process.stdout.write(`${describe(row)}\n`);
  return row;
}

function describe({ experiment, kind, store, result, passed, seconds }: Row): string {
  const state = result.skipped === undefined ? (passed ? "ok  " : "FAIL") : "skip";
  const figures = Object.entries(result.figures).map(([name, value]) => `${name} ${value}`);
  const events = result.report === undefined ? [] : [`${result.report.events} events`];
  const expected = experiment.mutant !== undefined && passed;
  const notes = [
    ...(result.skipped === undefined ? [] : [`      not run: ${result.skipped}`]),
    ...result.faults.map((fault) => `      ${expected ? "noticed" : "✗"}: ${fault}`),
    ...(experiment.mutant !== undefined && !passed ? ["      ✗: the harness did not notice what was removed"] : []),
  ];
  const head = `${state} ${experiment.id.padEnd(3)} ${kind.padEnd(8)} ${store.padEnd(8)} ${`${seconds.toFixed(0)} s`.padStart(5)}  ${experiment.title}`;
  return [head, `      ${[...events, ...figures].join(", ")}`, ...notes].join("\n");
}

async function runAll(): Promise<readonly Row[]> {
  const queue = [...chosen()];
  const rows: Row[] = [];
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) rows.push(await runOne(next));
  };
  await Promise.all(Array.from({ length: Math.max(1, Number(flags.lanes)) }, lane));
  return rows;
}

function summary(rows: readonly Row[], elapsedMs: number) {
  const sound = rows.filter(({ experiment }) => experiment.mutant === undefined);
  const sum = (count: (row: Row) => number): number => sound.reduce((total, row) => total + count(row), 0);
  const length = (tokens: readonly string[] | undefined): number => tokens?.length ?? 0;
  return {
    form: flags.short ? "short" : "full",
    seconds: Math.round(elapsedMs / 1000),
    events: sum(({ result }) => result.report?.events ?? 0),
    lost: sum(({ result }) => length(result.report?.lost)),
    committedTwice: sum(({ result }) => length(result.report?.committedTwice)),
    outOfOrder: sum(({ result }) => length(result.report?.outOfOrder)),
    misrecorded: sum(({ result }) => length(result.report?.misrecorded) + length(result.report?.untold)),
    leftWaiting: sum(({ result }) => result.report?.leftWaiting ?? 0),
    doubleEffects: sum(({ result }) => length(result.report?.doubleEffects)),
    visibleDuplicates: sum(({ result }) => length(result.report?.visibleDuplicates)),
    passed: rows.filter(({ passed, result }) => passed && result.skipped === undefined).length,
    skipped: rows.filter(({ result }) => result.skipped !== undefined).length,
    failed: rows.filter(({ passed }) => !passed).length,
  };
}

async function main(): Promise<void> {
  if (flags.list) {
    for (const { id, title, kinds, stores } of experiments)
      process.stdout.write(`${id.padEnd(4)} ${title} (${kinds.join(", ")}; ${stores.join(", ")})\n`);
    return;
  }
  const startedAt = performance.now();
  await buildProcesses();
  const rows = await runAll();
  const total = summary(rows, performance.now() - startedAt);
  const printed = rows.map(({ experiment, kind, store, result, passed, seconds }) => {
    const { report, ...rest } = result;
    return {
      id: experiment.id,
      title: experiment.title,
      kind,
      store,
      passed,
      seconds,
      events: report?.events,
      ...rest,
    };
  });
  if (flags.json) process.stdout.write(`${JSON.stringify({ ...total, experiments: printed }, undefined, 2)}\n`);
  else {
    process.stdout.write(
      `\n${total.form} form, ${total.seconds} s, ${total.events} events: ${total.lost} lost, ${total.committedTwice} committed twice, ` +
        `${total.outOfOrder} out of order, ${total.misrecorded} wrong in the state, ${total.leftWaiting} left waiting, ${total.doubleEffects} double effects, ` +
        `${total.visibleDuplicates} seen twice where the platform drops no repeats\n` +
        `${total.skipped > 0 ? `${total.skipped} skipped\n` : ""}${total.passed} passed, ${total.failed} failed\n`,
    );
  }
  process.exitCode = total.failed > 0 ? 1 : 0;
}

try {
  await main();
} finally {
  cleanUp();
}
process.exit();
