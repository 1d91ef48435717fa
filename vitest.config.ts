import { defineConfig } from "vitest/config";

/** In tests `parley/…` is the source, not the last build. */
const source = (name: string) => ({
  find: new RegExp(`^parley/${name}$`, "u"),
  replacement: new URL(`${name}.ts`, import.meta.url).pathname,
});

export default defineConfig({
  resolve: { alias: [source("adapter"), source("testing")] },
  test: {
    include: [
      "{adapters,core,agents,tools,recommender,gateway,cli,samples,scripts,examples}/**/*.test.ts",
      "test/**/*.test.ts",
    ],
    exclude: ["test/faults/**", "**/node_modules/**", "dist/**"],
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
