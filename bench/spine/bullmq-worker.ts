/** A bare BullMQ worker: the rate to be measured against. */
import { Worker } from "bullmq";
import { Redis } from "ioredis";

const [url = "", queue = ""] = process.argv.slice(2);
let done = 0;
const worker = new Worker(queue, async () => await Promise.resolve("done"), {
  connection: new Redis(url, { maxRetriesPerRequest: null }),
  concurrency: 50,
});
worker.on("completed", () => {
  done += 1;
});
setInterval(() => {
  if (done > 0) process.send?.({ done });
  done = 0;
}, 2);
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpu: user + system });
});
await worker.waitUntilReady();
process.send?.({ ready: true });
process.on("disconnect", () => process.exit(0));
