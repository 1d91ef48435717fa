/** Row f: training time and memory as the data grow, and how long a model takes to load. Each size is its own process. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { factorization, loadModel, synthesize } from "../../recommender/index.ts";
import { cpuSeconds } from "./cpu.ts";

const SIZES = [10_000, 100_000, 1_000_000, 10_000_000];
const EPOCHS = 3;

export async function run(): Promise<void> {
  for (const size of SIZES) {
    spawnSync(process.execPath, ["--import", "tsx", fileURLToPath(import.meta.url), String(size)], {
      stdio: "inherit",
    });
  }
  await Promise.resolve();
}

async function measure(interactions: number): Promise<void> {
  const { dataset } = synthesize({
    users: interactions / 20,
    items: Math.ceil(Math.sqrt(interactions) * 3),
    interactions,
  });
  const start = cpuSeconds();
  const options = { epochs: EPOCHS, optimizer: "adagrad-row" } as const;
  const model = await factorization.fit({ interactions: dataset.interactions }, options);
  const trained = cpuSeconds() - start;
  // Of the whole process, with the data and what made them.
  const memory = process.resourceUsage().maxRSS / 2 ** 10;
  const bytes = model.save();
  const times = Array.from({ length: 3 }, () => {
    const loading = performance.now();
    loadModel(bytes, [factorization]);
    return performance.now() - loading;
  });
  console.log(
    `f  ${String(interactions).padStart(8)} interactions, ${model.userCount} users, ${model.itemCount} items: ` +
      `${trained.toFixed(2)} CPU s (${((trained / interactions / EPOCHS) * 1e9).toFixed(0)} ns per sample), ` +
      `at most ${memory.toFixed(0)} MB of memory, ` +
      `file ${(bytes.length / 2 ** 20).toFixed(1)} MB, loaded in ${Math.min(...times).toFixed(1)} ms`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await measure(Number(process.argv[2]));
