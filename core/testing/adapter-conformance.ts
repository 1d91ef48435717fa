/**
 * What every adapter must do, as cases that any test runner can run:
 *
 * ```ts
 * for (const { group, name, run } of adapterConformance(subject)) it(`${group}: ${name}`, run);
 * ```
 */
import { connectionCases } from "./connection-cases.ts";
import { inboundCases } from "./inbound-cases.ts";
import { manifestCases } from "./manifest-cases.ts";
import { outboundCases } from "./outbound-cases.ts";
import type { ConformanceCase, ConformanceSubject } from "./subject.ts";

/** All cases for one adapter. */
export function adapterConformance(subject: ConformanceSubject): readonly ConformanceCase[] {
  return [...manifestCases(subject), ...inboundCases(subject), ...outboundCases(subject), ...connectionCases(subject)];
}
