import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{adapters,core,agents,tools,recommender,gateway,cli,samples,scripts}/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["test/faults/**", "**/node_modules/**", "dist/**"],
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
