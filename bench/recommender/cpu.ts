/** Time that this process was given, which other programs on the machine do not lengthen. */
import type { Dataset, FactorizationOptions } from "../../recommender/index.ts";
import { factorization } from "../../recommender/index.ts";

/** Seconds of CPU of this process so far, all threads. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Of an odd number of values. */
export const median = (values: readonly number[]): number =>
  values.toSorted((left, right) => left - right)[values.length >> 1] ?? Number.NaN;

/** CPU seconds of an epoch after the first, which warms up. */
export async function epochSeconds(dataset: Dataset, options: FactorizationOptions, epochs = 20): Promise<number> {
  let start = 0;
  let end = 0;
  const onProgress = ({ done }: { readonly done: number }): void => {
    if (done === 1) start = cpuSeconds();
    end = cpuSeconds();
  };
  await factorization.fit(dataset, { ...options, epochs }, { onProgress });
  return (end - start) / (epochs - 1);
}
