import { defineConfig } from "vitest/config";

/** `npm run test:e2e -- discord telegram` and `npm run test:platform-faults -- slack`: names choose platforms. */
export default defineConfig({
  test: {
    include: [process.env["PARLEY_SUITE"] === "faults" ? "test/platforms/*.faults.ts" : "test/platforms/*.e2e.ts"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
