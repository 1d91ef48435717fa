import { join } from "node:path";
import { expect, it } from "vitest";
import { evaluateFolder } from "../../cli/evaluation/index.ts";

it("does in each of its conversations what it should", async () => {
  const folder = join(import.meta.dirname, "conversations");
  const { failures, summary } = await evaluateFolder(folder, { config: join(import.meta.dirname, "bots.config.ts") });
  expect(failures).toEqual([]);
  expect(summary).toMatchObject({ total: 6, passed: 6, always: 6, turns: 9 });
});
