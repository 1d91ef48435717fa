import assert from "node:assert/strict";
import { accountId } from "../conversation-id.ts";
import type { EventDraft, InboundEvent } from "../event.ts";
import { textOf } from "../event.ts";
import { completeEvent } from "../intake/intake.ts";
import type { ConformanceCase, ConformanceSubject, RawFixture } from "./subject.ts";

const NONSENSE: readonly unknown[] = [
  null,
  undefined,
  42,
  "text",
  [],
  {},
  { type: "no-such-type" },
  { message: { nested: { deep: [] } } },
];

/** From raw payloads to events. */
export function inboundCases(subject: ConformanceSubject): readonly ConformanceCase[] {
  const { adapter, settings, fixtures } = subject;
  const bound = adapter.bind(settings);
  const group = "inbound";
  const draftOf = (fixture: RawFixture): EventDraft => {
    const normalized = bound.normalize(fixture.raw, "main");
    if ("ignored" in normalized) assert.fail(`a ${fixture.type} was ignored: ${normalized.ignored}`);
    return normalized.event;
  };
  const eventOf = (fixture: RawFixture): InboundEvent =>
    completeEvent(draftOf(fixture), {
      account: accountId(adapter.manifest.platform, "main"),
      bot: "conformance",
      environment: { clock: () => 0, newId: () => "id", random: () => 0 },
    });
  return [
    {
      group,
      name: "has a fixture for at least one message",
      run: async () => {
        assert.ok(fixtures.some(({ type }) => type === "message"));
        await Promise.resolve();
      },
    },
    ...fixtures.map((fixture, index) => ({
      group,
      name: `maps fixture ${index + 1} (${fixture.type}) to a valid event of its user and words`,
      run: async () => {
        const event = eventOf(fixture);
        assert.equal(event.type, fixture.type);
        assert.equal(event.user.id, fixture.userId);
        if (fixture.text !== undefined) assert.equal(textOf(event), fixture.text);
        await Promise.resolve();
      },
    })),
    ...purityCases(subject, draftOf),
  ];
}

function purityCases(
  { adapter, settings, fixtures }: ConformanceSubject,
  draftOf: (fixture: RawFixture) => EventDraft,
): readonly ConformanceCase[] {
  const bound = adapter.bind(settings);
  const group = "inbound";
  return [
    {
      group,
      name: "is pure: the same payload gives the same event, and is left as it was",
      run: async () => {
        for (const fixture of fixtures) {
          const before = JSON.stringify(fixture.raw);
          assert.deepEqual(draftOf(fixture), draftOf(fixture));
          assert.equal(JSON.stringify(fixture.raw), before);
        }
        await Promise.resolve();
      },
    },
    {
      group,
      name: "gives different events different keys, so that none is taken for a redelivery",
      run: async () => {
        const keys = fixtures.map((fixture) => draftOf(fixture).key);
        assert.equal(new Set(keys).size, keys.length);
        await Promise.resolve();
      },
    },
    {
      group,
      name: "ignores what it does not know with a named reason, and never throws",
      run: async () => {
        for (const raw of NONSENSE) {
          const normalized = bound.normalize(raw, "main");
          assert.ok("ignored" in normalized && normalized.ignored.trim() !== "", `not ignored: ${JSON.stringify(raw)}`);
        }
        await Promise.resolve();
      },
    },
  ];
}
