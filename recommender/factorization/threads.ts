/** Further threads on the same memory. */
import { Worker } from "node:worker_threads";
import { RecommenderError } from "../errors.ts";
import type { KernelMemory } from "../kernel/web-assembly.ts";
import type { Round, RoundResult } from "./round.ts";
import type { Workspace } from "./workspace.ts";

export interface Thread {
  /**
   * Does a round; one at a time.
   * @throws RecommenderError `recommender/thread-failed`
   */
  readonly run: (round: Round) => Promise<RoundResult>;
  readonly stop: () => Promise<void>;
}

/** What a thread works on. */
export interface ThreadData {
  readonly memory: KernelMemory;
  readonly scratch: number;
}

/** One thread for each part of the samples but the first, which is the caller's. */
export function startThreads({ memory, layout }: Workspace): readonly Thread[] {
  return layout.scratch.slice(1).map((scratch) => startThread({ memory, scratch }));
}

function startThread(workerData: ThreadData): Thread {
  const worker = startWorker(workerData);
  let failure: unknown;
  worker.on("error", (error) => {
    failure = error;
  });
  return {
    run: async (round) =>
      await new Promise((resolve, reject) => {
        const finish = (result: RoundResult | undefined): void => {
          worker.off("message", finish);
          worker.off("exit", onExit);
          if (result !== undefined) resolve(result);
          else
            reject(
              new RecommenderError("recommender/thread-failed", "A training thread ended early.", { cause: failure }),
            );
        };
        const onExit = (): void => finish(undefined);
        worker.on("message", finish);
        worker.on("exit", onExit);
        worker.postMessage(round);
      }),
    stop: async () => {
      await worker.terminate();
    },
  };
}

/** The same code runs from source under tsx or vitest, which a thread has to load for itself, and compiled under Node. */
function startWorker(workerData: ThreadData): Worker {
  if (!import.meta.url.endsWith(".ts")) {
    return new Worker(new URL("./training-thread.js", import.meta.url), { workerData, env: {} });
  }
  const file = JSON.stringify(new URL("./training-thread.ts", import.meta.url).href);
  const code = `import("tsx/esm/api").then(({ tsImport }) => tsImport(${file}, ${file}));`;
  return new Worker(code, { eval: true, workerData, execArgv: [] });
}
