/** Loaded into the server of the bench (`--expose-gc --import`): collects when its parent asks, and tells what is left. */
process.on("message", () => {
  globalThis.gc?.();
  globalThis.gc?.();
  const { rss, heapTotal, heapUsed } = process.memoryUsage();
  process.send?.({ rss, heapTotal, heapUsed });
});
// Being asked must not keep the server alive.
process.channel?.unref();
