import { Worker, type WorkerOptions } from "node:worker_threads";

/**
 * Starts a thread whose code lies beside its caller (`import.meta.url`). The same code runs from source under tsx or
 * vitest, where the thread learns TypeScript first, and compiled under Node.
 */
export function startThread(caller: string, name: string, options: WorkerOptions): Worker {
  if (!caller.endsWith(".ts")) return new Worker(new URL(`${name}.js`, caller), options);
  const file = JSON.stringify(new URL(`${name}.ts`, caller).href);
  const learnFirst = `import("tsx/esm/api").then(({ register }) => { register(); return import(${file}); });`;
  return new Worker(learnFirst, { ...options, eval: true });
}
