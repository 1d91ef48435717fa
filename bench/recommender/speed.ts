/** Row d: training speed, WebAssembly against its JavaScript twin, in rounds that take turns; and of two threads. */
import { type Dataset, factorization, type FactorizationOptions, synthesize } from "parleyjs-recommender";
import { median } from "../median.ts";
import { epochSeconds, referenceEpochSeconds } from "./cpu.ts";
import { splitOrSynthetic } from "./data.ts";
import type { BenchOptions } from "./splits.ts";

const ROUNDS = 5;

type Case = readonly [name: string, dataset: Dataset, options: FactorizationOptions];

export async function run({ splits }: BenchOptions): Promise<void> {
  const { name, dataset } = splitOrSynthetic(splits, "ml100k-all");
  const { dataset: genres } = splitOrSynthetic(splits, "ml100k-all", "ml100k.item_features.txt");
  const cases: readonly Case[] = [
    ["javascript", dataset, {}],
    ["javascript row-wise", dataset, { optimizer: "adagrad-row" }],
    ["webassembly", dataset, {}],
    ["webassembly row-wise", dataset, { optimizer: "adagrad-row" }],
    ["webassembly features", genres, {}],
    ["webassembly row-wise features", genres, { optimizer: "adagrad-row" }],
  ];
  const seconds = await interleaved(cases);
  for (const [title] of cases) {
    const samples = dataset.interactions.users.length / (seconds.get(title) ?? 1) / 1e6;
    console.log(`d  ${name}  ${title.padEnd(30)} ${samples.toFixed(2)} million samples per CPU second`);
  }
  const ratio = (slow: string, fast: string): number => (seconds.get(slow) ?? 0) / (seconds.get(fast) ?? 1);
  atLeast("WebAssembly over JavaScript, LightFM's maths", ratio("javascript", "webassembly"), 3.9);
  atLeast("row-wise WebAssembly over JavaScript", ratio("javascript", "webassembly row-wise"), 4.6);
  console.log(
    `d  row-wise over row-wise JavaScript ${ratio("javascript row-wise", "webassembly row-wise").toFixed(2)}`,
  );
  atMost("features over identities", ratio("webassembly features", "webassembly"), 1.6);
  atMost("features over identities, row-wise", ratio("webassembly row-wise features", "webassembly row-wise"), 1.6);
  for (const interactions of [100_000, 500_000, 2_000_000]) await compareThreads(interactions);
}

/** Median CPU seconds of an epoch, by case. */
async function interleaved(cases: readonly Case[]): Promise<ReadonlyMap<string, number>> {
  const rounds = new Map<string, number[]>(cases.map(([title]) => [title, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [title, dataset, options] of cases) {
      const measure = title.startsWith("javascript") ? referenceEpochSeconds : epochSeconds;
      rounds.get(title)?.push(await measure(dataset, options));
    }
  }
  return new Map([...rounds].map(([title, seconds]) => [title, median(seconds)]));
}

/** The wall clock of one and of two threads, which other programs disturb: the best of the rounds. */
async function compareThreads(interactions: number): Promise<void> {
  const { dataset } = synthesize({ users: interactions / 50, items: 3000, interactions });
  const best = [Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round++) {
    for (const threads of [1, 2])
      best[threads - 1] = Math.min(best[threads - 1] ?? 0, await wallSeconds(dataset, threads));
  }
  const [one = 0, two = 0] = best;
  console.log(
    `d  ${interactions} made-up interactions: epoch of one thread ${(one * 1000).toFixed(0)} ms, ` +
      `at most two threads ${(two * 1000).toFixed(0)} ms, ×${(one / two).toFixed(2)}`,
  );
}

async function wallSeconds({ interactions }: Dataset, threads: number): Promise<number> {
  const ends: number[] = [];
  const onProgress = (): void => void ends.push(performance.now());
  await factorization.fit({ interactions }, { threads, epochs: 4, optimizer: "adagrad-row" }, { onProgress });
  return Math.min(...ends.slice(1).map((end, index) => end - (ends[index] ?? 0))) / 1000;
}

function atLeast(title: string, value: number, goal: number): void {
  if (value < goal) process.exitCode = 1;
  console.log(`d  ${title}: ${value.toFixed(2)}, ${value < goal ? "MISSED" : "reached"} at least ${goal}`);
}

function atMost(title: string, value: number, goal: number): void {
  if (value > goal) process.exitCode = 1;
  console.log(`d  ${title}: ${value.toFixed(2)}, ${value > goal ? "MISSED" : "reached"} at most ${goal}`);
}
