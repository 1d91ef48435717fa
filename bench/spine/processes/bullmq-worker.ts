/** A bare BullMQ worker: the rate to be measured against. */
import { Worker } from "bullmq";
import { Redis } from "ioredis";
import { answerParent } from "./answer-parent.ts";

const [url = "", queue = ""] = process.argv.slice(2);
let done = 0;
const worker = new Worker(queue, async () => "done", {
  connection: new Redis(url, { maxRetriesPerRequest: null }),
  concurrency: 50,
});
worker.on("completed", () => {
  done += 1;
});
await worker.waitUntilReady();
answerParent({ finished: () => done });
