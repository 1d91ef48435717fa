/** The thread in which a bot's requests are learned, so that messages do not wait for it. */
import { parentPort, workerData } from "node:worker_threads";
import { Lesson } from "./lesson.ts";
import { writeModel } from "./model.ts";
import { trainModel } from "./train-model.ts";

parentPort?.postMessage(writeModel(trainModel(Lesson.parse(workerData))), []);
