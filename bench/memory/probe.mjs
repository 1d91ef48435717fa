/** Loaded into the server of the bench (`--expose-gc --import`): collects when its parent asks, and tells what is left. */
import { getHeapStatistics } from "node:v8";

process.on("message", () => {
  globalThis.gc?.();
  globalThis.gc?.();
  const { rss, heapTotal, heapUsed, external, arrayBuffers } = process.memoryUsage();
  const { malloced_memory: malloced } = getHeapStatistics();
  process.send?.({ rss, heapTotal, heapUsed, external, arrayBuffers, malloced });
});
// Being asked must not keep the server alive.
process.channel?.unref();
