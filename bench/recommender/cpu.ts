/** Time that this process was given, which other programs on the machine do not lengthen. */
import { type Dataset, factorization, type FactorizationOptions } from "parleyjs-recommender";
import { prepareTraining, settingsOf, train } from "parleyjs-recommender/testing";
import { onReference } from "../../test/support/recommender/reference-workspace.ts";

/** Seconds of CPU of this process so far, all threads. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** CPU seconds of an epoch after the first, which warms up. */
export async function epochSeconds(dataset: Dataset, options: FactorizationOptions): Promise<number> {
  return await secondsOf(20, async (epochs, onProgress) => {
    await factorization.fit(dataset, { ...options, epochs }, { onProgress });
  });
}

/** The same of the loops in plain JavaScript. */
export async function referenceEpochSeconds(dataset: Dataset, options: FactorizationOptions): Promise<number> {
  return await secondsOf(8, async (epochs, onProgress) => {
    const settings = settingsOf({ ...options, epochs });
    await train(onReference(prepareTraining(dataset, settings).workspace), settings, { onProgress });
  });
}

type Follow = (progress: { readonly done: number }) => void;

async function secondsOf(
  epochs: number,
  training: (epochs: number, onProgress: Follow) => Promise<void>,
): Promise<number> {
  let start = 0;
  let end = 0;
  await training(epochs, ({ done }) => {
    if (done === 1) start = cpuSeconds();
    end = cpuSeconds();
  });
  return (end - start) / (epochs - 1);
}
