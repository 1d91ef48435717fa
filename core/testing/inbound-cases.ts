import assert from "node:assert/strict";
import { accountId } from "../conversation-id.ts";
import type { EventDraft, InboundEvent } from "../event.ts";
import { textOf } from "../event.ts";
import { completeEvent } from "../intake/intake.ts";
import { connectedCases, pureCase } from "./case.ts";
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
  const connected = connectedCases(subject, "inbound");
  return [
    pureCase("inbound", "has a fixture for at least one message", () => {
      assert.ok(fixtures.some(({ type }) => type === "message"));
    }),
    ...fixtures.map((fixture, index) =>
      pureCase("inbound", `maps fixture ${index + 1} (${fixture.type}) to a valid event of its user and words`, () => {
        const event = eventOf(subject, fixture);
        assert.equal(event.type, fixture.type);
        assert.equal(event.user.id, fixture.userId);
        if (fixture.text !== undefined) assert.equal(textOf(event), fixture.text);
      }),
    ),
    pureCase("inbound", "is pure: the same payload gives the same event, and is left as it was", () => {
      for (const fixture of fixtures) {
        const before = JSON.stringify(fixture.raw);
        assert.deepEqual(draftOf(subject, fixture), draftOf(subject, fixture));
        assert.equal(JSON.stringify(fixture.raw), before);
      }
    }),
    pureCase("inbound", "gives different events different keys, so that none is taken for a redelivery", () => {
      const keys = fixtures.map((fixture) => draftOf(subject, fixture).key);
      assert.equal(new Set(keys).size, keys.length);
    }),
    pureCase("inbound", "ignores what it does not know with a named reason, and never throws", () => {
      for (const raw of NONSENSE) {
        const normalized = bound.normalize(raw, "main");
        assert.ok("ignored" in normalized && normalized.ignored.trim() !== "", `not ignored: ${JSON.stringify(raw)}`);
      }
    }),
    connected("hands in what a person says, in order", async ({ person, events }) => {
      await person.say("first");
      await person.say("second");
      assert.deepEqual(events.map(textOf), ["first", "second"]);
    }),
    connected("keeps every character of what a person says", async ({ person, events }) => {
      const words = "Grüezi 👩‍👩‍👧‍👦 — *not bold* <b>no tag</b> & שלום";
      await person.say(words);
      assert.deepEqual(events.map(textOf), [words]);
    }),
  ];
}

/** What the adapter makes of a fixture; fails when it is ignored. */
export function draftOf({ adapter, settings }: ConformanceSubject, fixture: RawFixture): EventDraft {
  const normalized = adapter.bind(settings).normalize(fixture.raw, "main");
  if ("ignored" in normalized) assert.fail(`a ${fixture.type} was ignored: ${normalized.ignored}`);
  return normalized.event;
}

function eventOf(subject: ConformanceSubject, fixture: RawFixture): InboundEvent {
  return completeEvent(draftOf(subject, fixture), {
    account: accountId(subject.adapter.manifest.platform, "main"),
    bot: "conformance",
    environment: { clock: () => 0, newId: () => "id", random: () => 0 },
  });
}
