import { ParleyError } from "../../../core/errors.ts";
import { startThread } from "../../../core/start-thread.ts";
import { TrainingNews, type TrainingOrder } from "./training-messages.ts";

/** A training ended without a version. */
export const trainingFailed = (reason: string, options: ErrorOptions = {}): ParleyError =>
  new ParleyError(
    "recommend/training-failed",
    `No version came of the training: ${reason} What served before goes on serving.`,
    options,
  );

export interface TrainingRun {
  readonly onProgress?:
    | ((progress: { readonly stage: string; readonly done: number; readonly total: number }) => void)
    | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type Trained = Extract<TrainingNews, { readonly type: "done" }>;

const MEMORY_MEGABYTES = 4_096;

/**
 * Trains in a thread of its own. Aborting ends the thread. Throws `recommend/training-failed` when it dies, runs out of
 * memory or has nothing to learn from.
 */
export async function runTraining(order: TrainingOrder, { onProgress, signal }: TrainingRun = {}): Promise<Trained> {
  signal?.throwIfAborted();
  const worker = startThread(import.meta.url, "training-thread", {
    workerData: order,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MEGABYTES },
  });
  const stop = (): void => void worker.terminate();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    return await new Promise<Trained>((resolve, reject) => {
      worker.on("message", (message: unknown) => {
        const news = TrainingNews.parse(message);
        if (news.type === "progress") onProgress?.(news);
        else if (news.type === "done") resolve(news);
        else reject(trainingFailed(`${news.message} [${news.code}]`));
      });
      worker.on("error", (error) => reject(trainingFailed(`the thread failed (${error.message}).`, { cause: error })));
      worker.on("exit", (code) => reject(trainingFailed(`the thread ended with code ${code} before its work.`)));
    });
  } finally {
    signal?.removeEventListener("abort", stop);
    await worker.terminate();
  }
}
