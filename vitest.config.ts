import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import tsconfig from "./tsconfig.json" with { type: "json" };

/** In tests the packages of this repository are their source, not the last build: the same paths that the compiler takes. */
const alias = Object.entries(tsconfig.compilerOptions.paths).map(([name, [path = ""]]) => ({
  find: new RegExp(`^${name}$`, "u"),
  replacement: new URL(path, import.meta.url).pathname,
}));

export const resolve = { alias };

export default defineConfig({
  resolve,
  test: {
    include: [
      "{adapters,core,agents,tools,recommender,gateway,cli,samples,scripts,examples}/**/*.test.ts",
      "test/**/*.test.ts",
    ],
    exclude: ["test/faults/**", "**/node_modules/**", "**/dist/**"],
    // Vitest itself leaves one core idle; on two cores that doubles the wait. One worker more made answers of whole products late.
    maxWorkers: availableParallelism(),
    globalSetup: ["test/support/bank-intents.ts"],
    setupFiles: [new URL("test/support/property-seed.ts", import.meta.url).pathname],
    // Against what hangs, not what is slow: a busy machine takes many times as long as an idle one.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 30_000, interval: 20 } },
  },
});
