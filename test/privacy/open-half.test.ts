import { expect, it } from "vitest";
import { personalDataKinds } from "../../core/privacy/finding.ts";
import { readCases } from "./cases.ts";
import { GOAL, scoreCases, structuredKinds } from "./score.ts";

const { scores } = scoreCases(readCases("open"));

it.each(personalDataKinds.filter((kind) => structuredKinds.has(kind)))(
  "finds and confuses no more %s than the goal allows in the open half of the blind cases",
  (kind) => {
    const { labelled = 0, recall = 0, precision = 0 } = scores.find((one) => one.kind === kind) ?? {};
    expect(labelled).toBeGreaterThan(20);
    expect(recall).toBeGreaterThanOrEqual(GOAL);
    expect(precision).toBeGreaterThanOrEqual(GOAL);
  },
);
