/** The thread in which a version is trained, so that answers do not wait for it. */
import { parentPort, workerData } from "node:worker_threads";
import { toError } from "../../../core/errors.ts";
import { openStore, readForTraining } from "../data/interaction-source.ts";
import { readTrainingData } from "../data/training-data.ts";
import { type Bundle, readBundle, writeBundle } from "./bundle.ts";
import { trainBundle } from "./train.ts";
import { type TrainingNews, TrainingOrder } from "./training-messages.ts";

const tell = (news: TrainingNews): void => parentPort?.postMessage(news, []);

async function train(order: TrainingOrder): Promise<void> {
  const { version, now, products, sampleFile } = order;
  const store = await openStore(order.store);
  try {
    tell({ type: "progress", stage: "reading", done: 0, total: 1 });
    const read = () => readForTraining(store, sampleFile);
    const data = await readTrainingData({ products, read, now: Date.parse(now) });
    const { bundle, verdict } = await trainBundle(data, servingBundle(order), {
      version,
      trainedAt: now,
      onJudging: () => tell({ type: "progress", stage: "judging", done: 0, total: 1 }),
      onProgress: ({ done, total }) => tell({ type: "progress", stage: "training", done, total }),
    });
    tell({ type: "done", bytes: writeBundle(bundle), summary: bundle.summary, verdict });
  } finally {
    await store.close();
  }
}

/** One that is damaged is no rival. */
function servingBundle({ serving }: TrainingOrder): Bundle | undefined {
  if (serving === undefined) return undefined;
  try {
    return readBundle(serving);
  } catch {
    return undefined;
  }
}

try {
  await train(TrainingOrder.parse(workerData));
} catch (thrown) {
  const error = toError(thrown);
  const code = "code" in error && typeof error.code === "string" ? error.code : "recommend/training-failed";
  tell({ type: "failed", code, message: error.message });
}
