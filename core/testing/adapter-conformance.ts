/**
 * What every adapter must do, as cases that any test runner can run:
 *
 * ```ts
 * for (const { group, name, run } of adapterConformance(subject)) it(`${group}: ${name}`, run);
 * ```
 */
import { acknowledgementCases } from "./acknowledgement-cases.ts";
import { capabilityCases } from "./capability-cases.ts";
import { identityCases } from "./identity-cases.ts";
import { inboundCases } from "./inbound-cases.ts";
import { interactiveCases } from "./interactive-cases.ts";
import { lifecycleCases } from "./lifecycle-cases.ts";
import { outboundCases } from "./outbound-cases.ts";
import { securityCases } from "./security-cases.ts";
import type { ConformanceCase, ConformanceSubject } from "./subject.ts";

/** All cases for one adapter. */
export function adapterConformance(subject: ConformanceSubject): readonly ConformanceCase[] {
  return [
    ...identityCases(subject),
    ...inboundCases(subject),
    ...acknowledgementCases(subject),
    ...outboundCases(subject),
    ...interactiveCases(subject),
    ...lifecycleCases(subject),
    ...securityCases(subject),
    ...capabilityCases(subject),
  ];
}
