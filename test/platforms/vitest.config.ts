import { defineConfig } from "vitest/config";
import { resolve } from "../../vitest.config.ts";

/** `npm run test:e2e -- discord telegram`, `npm run test:e2e:postgres` and `npm run test:platform-faults -- slack`: names choose platforms. */
export default defineConfig({
  resolve,
  test: {
    include: [process.env["PARLEY_SUITE"] === "faults" ? "test/platforms/*.faults.ts" : "test/platforms/*.e2e.ts"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000, interval: 20 } },
    fileParallelism: false,
  },
});
