import assert from "node:assert/strict";
import { ADAPTER_API_VERSION } from "../adapter.ts";
import { PlatformName } from "../conversation-id.ts";
import { mustBe, pureCase } from "./case.ts";
import { draftOf } from "./inbound-cases.ts";
import type { ConformanceCase, ConformanceSubject } from "./subject.ts";

/** Who the adapter is, and who people are to it. */
export function identityCases(subject: ConformanceSubject): readonly ConformanceCase[] {
  const { adapter, settings, fixtures } = subject;
  const { manifest, configSchema } = adapter;
  return [
    pureCase("identity", "names the platform", () => {
      assert.ok(
        PlatformName.safeParse(manifest.platform).success,
        `"${manifest.platform}" is no platform name: use lower-case letters, digits and dashes`,
      );
      assert.notEqual(manifest.displayName.trim(), "", "`displayName` is empty: people see it");
    }),
    pureCase("identity", "is written for this version of the contract", () => {
      mustBe(
        manifest.apiVersion,
        ADAPTER_API_VERSION,
        "`apiVersion` is another contract's: see what changed in the changelog",
      );
    }),
    pureCase("identity", "accepts valid settings", () => {
      assert.ok(
        configSchema.safeParse(settings).success,
        "the settings that the test gives as valid are refused: mend them or `configSchema`",
      );
    }),
    pureCase("identity", "refuses settings it does not know", () => {
      const wrong = typeof settings === "object" && settings !== null ? { ...settings, noSuchSetting: true } : 42;
      assert.ok(!configSchema.safeParse(wrong).success, "an unknown setting was accepted: use z.strictObject");
    }),
    pureCase("identity", "knows people by the platform's id, never by a name", () => {
      for (const fixture of fixtures) {
        mustBe(
          draftOf(subject, fixture).user.id,
          fixture.userId,
          "`user.id` must be the platform's own id of the person",
        );
      }
    }),
  ];
}
