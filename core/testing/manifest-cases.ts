import assert from "node:assert/strict";
import { ADAPTER_API_VERSION } from "../adapter.ts";
import { PlatformName } from "../conversation-id.ts";
import type { ConformanceCase, ConformanceSubject } from "./subject.ts";

/** Identity and settings. */
export function manifestCases({ adapter, settings }: ConformanceSubject): readonly ConformanceCase[] {
  const { manifest, configSchema } = adapter;
  const { capabilities } = manifest;
  const group = "manifest";
  return [
    {
      group,
      name: "names the platform and the version of the contract",
      run: async () => {
        assert.ok(PlatformName.safeParse(manifest.platform).success, `"${manifest.platform}" is no platform name`);
        assert.equal(manifest.apiVersion, ADAPTER_API_VERSION);
        assert.notEqual(manifest.displayName.trim(), "");
        await Promise.resolve();
      },
    },
    {
      group,
      name: "declares limits that a reply can be rendered within",
      run: async () => {
        assert.ok(capabilities.text.maxLength >= 100, "text.maxLength must be at least 100");
        assert.ok(
          capabilities.rate.perChatPerSecond > 0 && capabilities.rate.perAccountPerSecond > 0,
          "rates must be positive",
        );
        assert.ok(
          capabilities.choices.max === 0 || capabilities.choices.labelMaxLength > 0,
          "buttons need room for a label",
        );
        await Promise.resolve();
      },
    },
    {
      group,
      name: "streams by edits only where messages can be edited",
      run: async () => {
        const byEdits = capabilities.streaming !== false && capabilities.streaming.style === "edits";
        assert.ok(!byEdits || capabilities.edit, 'streaming style "edits" needs the capability "edit"');
        await Promise.resolve();
      },
    },
    {
      group,
      name: "accepts valid settings and refuses ones it does not know",
      run: async () => {
        assert.ok(configSchema.safeParse(settings).success, "the valid settings were refused");
        const wrong = typeof settings === "object" && settings !== null ? { ...settings, noSuchSetting: true } : 42;
        assert.ok(!configSchema.safeParse(wrong).success, "an unknown setting was accepted: use z.strictObject");
        await Promise.resolve();
      },
    },
  ];
}
