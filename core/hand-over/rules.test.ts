import { describe, expect, it } from "vitest";
import { strainAfter } from "./rules.ts";

type Step = Parameters<typeof strainAfter>[1]["steps"][number];

describe("a misunderstanding", () => {
  it.each([
    [{ act: "does-not-know" }, 2],
    [{ act: "cannot" }, 2],
    [{ act: "asks", missing: "which" }, 2],
    [{ act: "asks", missing: "to", data: { unknown: true } }, 2],
    [{ act: "asks", missing: "to" }, 0],
    [{ act: "answers" }, 0],
  ] satisfies readonly (readonly [Step, number])[])("is counted after %j: %i in a row", (step, count) => {
    const before = { misunderstood: 1, angry: 0 };
    expect(strainAfter(before, { text: "Peter", steps: [step] }).misunderstood).toBe(count);
  });
});
