import assert from "node:assert/strict";
import { withConnection, type Connected } from "./connect-subject.ts";
import type { ConformanceCase, ConformanceGroup, ConformanceSubject } from "./subject.ts";

/** A case without a connection: pure functions of the adapter. */
export function pureCase(group: ConformanceGroup, name: string, run: () => void): ConformanceCase {
  return {
    group,
    name,
    run: async () => {
      run();
    },
  };
}

/** Makes cases of one group over a real connection to the subject's platform. */
export function connectedCases(subject: ConformanceSubject, group: ConformanceGroup) {
  return (name: string, work: (connected: Connected) => Promise<void>): ConformanceCase => ({
    group,
    name,
    run: async () => await withConnection(subject, work),
  });
}

/** Fails with what to do, what was found and what was expected. */
export function mustBe(found: unknown, expected: unknown, advice: string): void {
  const both = `found ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`;
  assert.deepEqual(found, expected, `${advice} (${both})`);
}
