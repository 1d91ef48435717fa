/** The thread in which a bot's requests are learned, so that messages do not wait for it. */
import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { Lesson } from "./lesson.ts";
import { readModel, writeModel } from "./model.ts";
import { extendModel, trainModel } from "./train-model.ts";

const { lesson, shipped } = z
  .object({ lesson: Lesson, shipped: z.instanceof(Uint8Array).optional() })
  .parse(workerData);
const extended = shipped && extendModel(readModel(shipped), lesson);
parentPort?.postMessage(writeModel(extended ?? trainModel(lesson)), []);
