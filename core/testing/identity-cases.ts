import assert from "node:assert/strict";
import { ADAPTER_API_VERSION } from "../adapter.ts";
import { PlatformName } from "../conversation-id.ts";
import { pureCase } from "./case.ts";
import { draftOf } from "./inbound-cases.ts";
import type { ConformanceCase, ConformanceSubject } from "./subject.ts";

/** Who the adapter is, and who people are to it. */
export function identityCases(subject: ConformanceSubject): readonly ConformanceCase[] {
  const { adapter, settings, fixtures } = subject;
  const { manifest, configSchema } = adapter;
  return [
    pureCase("identity", "names the platform", () => {
      assert.ok(PlatformName.safeParse(manifest.platform).success, `"${manifest.platform}" is no platform name`);
      assert.notEqual(manifest.displayName.trim(), "");
    }),
    pureCase("identity", "is written for this version of the contract", () => {
      assert.equal(manifest.apiVersion, ADAPTER_API_VERSION);
    }),
    pureCase("identity", "accepts valid settings", () => {
      assert.ok(configSchema.safeParse(settings).success, "the valid settings were refused");
    }),
    pureCase("identity", "refuses settings it does not know", () => {
      const wrong = typeof settings === "object" && settings !== null ? { ...settings, noSuchSetting: true } : 42;
      assert.ok(!configSchema.safeParse(wrong).success, "an unknown setting was accepted: use z.strictObject");
    }),
    pureCase("identity", "knows people by the platform's id, never by a name", () => {
      for (const fixture of fixtures) {
        assert.equal(draftOf(subject, fixture).user.id, fixture.userId);
      }
    }),
  ];
}
