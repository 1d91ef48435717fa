/**
 * Row f: training time and memory as the data grow, and how long a model takes to load. Each size is its own process.
 *
 * The minimum of memory is what a training must hold at once: the data it is given (12 bytes an interaction), the pairs to
 * train (8) and each user's items where the kernel can see them (4), the history that the model keeps (8), and the tables.
 */
import { spawnSync } from "node:child_process";
import { freemem } from "node:os";
import { fileURLToPath } from "node:url";
import { createInteractions, createRandom, factorization, type Interactions, loadModel } from "parleyjs-recommender";
import { rowLengthOf, settingsOf } from "parleyjs-recommender/testing";
import { cpuSeconds } from "./cpu.ts";

const SIZES = [100_000, 1_000_000, 10_000_000];
const EPOCHS = 3;
const OPTIONS = { epochs: EPOCHS, optimizer: "adagrad-row" } as const;
const MOST_OVER_MINIMUM = 1.4;
const BYTES_PER_INTERACTION = 12 + 8 + 4 + 8;
/** Room for the largest training and what else the machine does. */
const SPARE = 200;

export async function run(): Promise<void> {
  for (const size of SIZES) {
    if (freemem() < size * SPARE) {
      console.log(`f  ${size} interactions: skipped, ${Math.round(freemem() / 2 ** 20)} MB of memory are free`);
      continue;
    }
    const { status } = spawnSync(
      process.execPath,
      ["--expose-gc", "--import", "tsx", fileURLToPath(import.meta.url), String(size)],
      { stdio: "inherit" },
    );
    if (status !== 0) process.exitCode = 1;
  }
}

/** Distinct pairs in typed arrays, with nothing made beside them: twenty of each user. */
function pairs(count: number): Interactions {
  const userCount = count / 20;
  const itemCount = Math.ceil(Math.sqrt(count) * 3);
  const random = createRandom(1);
  const [users, items] = [new Int32Array(count), new Int32Array(count)];
  for (let index = 0; index < count; index++) {
    users[index] = Math.floor(index / 20);
    // A twentieth of the catalogue for each of the twenty, its first ones more often.
    const share = Math.floor(itemCount / 20);
    items[index] = (index % 20) * share + Math.floor(share * random.uniform() ** 2);
  }
  return createInteractions({ userCount, itemCount, users, items });
}

async function measure(interactions: number): Promise<void> {
  // What the code itself takes is there before anything is counted.
  await factorization.fit({ interactions: pairs(2_000) }, OPTIONS);
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  const dataset = { interactions: pairs(interactions) };
  const start = cpuSeconds();
  const model = await factorization.fit(dataset, OPTIONS);
  const trained = cpuSeconds() - start;
  const taken = process.resourceUsage().maxRSS * 2 ** 10 - before;
  const rows = model.userCount + model.itemCount;
  const minimum = interactions * BYTES_PER_INTERACTION + rows * rowLengthOf(settingsOf(OPTIONS)) * 4;
  const bytes = model.save();
  const times = Array.from({ length: 3 }, () => {
    const loading = performance.now();
    loadModel(bytes, [factorization]);
    return performance.now() - loading;
  });
  console.log(
    `f  ${String(interactions).padStart(8)} interactions, ${model.userCount} users, ${model.itemCount} items: ` +
      `${trained.toFixed(2)} CPU s (${((trained / interactions / EPOCHS) * 1e9).toFixed(0)} ns per sample), ` +
      `file ${(bytes.length / 2 ** 20).toFixed(1)} MB, loaded in ${Math.min(...times).toFixed(1)} ms`,
  );
  const ratio = taken / minimum;
  // Of small data the machine's own ups and downs are the larger part.
  const isJudged = interactions >= 1_000_000;
  if (isJudged && ratio > MOST_OVER_MINIMUM) process.exitCode = 1;
  const verdict = isJudged ? `, ${ratio > MOST_OVER_MINIMUM ? "MISSED" : "reached"} at most ${MOST_OVER_MINIMUM}` : "";
  console.log(
    `f  ${String(interactions).padStart(8)} interactions: training takes ${(taken / interactions).toFixed(0)} bytes each, ` +
      `the minimum is ${(minimum / interactions).toFixed(0)}: ×${ratio.toFixed(2)}${verdict}`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await measure(Number(process.argv[2]));
