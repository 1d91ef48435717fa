import { defineConfig } from "vitest/config";
import root, { resolve } from "../vitest.config.ts";

/** `npm test -w parleyjs-recommender`: the tests of this folder alone. */
export default defineConfig({
  resolve,
  test: { ...root.test, globalSetup: [], include: ["**/*.test.ts"], exclude: ["dist/**"] },
});
