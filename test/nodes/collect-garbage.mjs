/**
 * Loaded into the product by `--import`, with `--expose-gc`: collects garbage twice a second. Where the machine is so busy
 * that a collection takes long, the pauses grow with it: the product must get to work between them.
 */
function collect() {
  const startedAt = performance.now();
  globalThis.gc();
  setTimeout(collect, Math.max(500, 4 * (performance.now() - startedAt))).unref();
}
collect();
