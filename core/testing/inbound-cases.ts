import assert from "node:assert/strict";
import { accountId } from "../conversation-id.ts";
import type { EventDraft, InboundEvent } from "../event.ts";
import { textOf } from "../event.ts";
import { completeEvent } from "../intake/intake.ts";
import { connectedCases, mustBe, pureCase } from "./case.ts";
import { changeCases } from "./change-cases.ts";
import type { Connected } from "./connect-subject.ts";
import { placeCases } from "./place-cases.ts";
import { sampleReplies } from "./sample-replies.ts";
import { strangeCases } from "./strange-cases.ts";
import type { ConformanceCase, ConformanceSubject, RawFixture } from "./subject.ts";

/** From raw payloads to events. */
export function inboundCases(subject: ConformanceSubject): readonly ConformanceCase[] {
  const { fixtures } = subject;
  const connected = connectedCases(subject, "inbound");
  return [
    pureCase("inbound", "has a fixture for at least one message", () => {
      assert.ok(
        fixtures.some(({ type }) => type === "message"),
        "put a payload of a message into the fixtures",
      );
    }),
    ...fixtures.map((fixture, index) =>
      pureCase("inbound", `maps fixture ${index + 1} (${fixture.type}) to a valid event of its user and words`, () => {
        const event = eventOf(subject, fixture);
        const { type, userId, text = textOf(event) } = fixture;
        mustBe([event.type, event.user.id, textOf(event)], [type, userId, text], "`normalize` reads another event");
      }),
    ),
    pureCase("inbound", "is pure: the same payload gives the same event, and is left as it was", () => {
      for (const fixture of fixtures) {
        const before = JSON.stringify(fixture.raw);
        mustBe(draftOf(subject, fixture), draftOf(subject, fixture), "`normalize` must give the same event each time");
        mustBe(JSON.stringify(fixture.raw), before, "`normalize` must leave the payload as it was");
      }
    }),
    pureCase("inbound", "gives different events different keys, so that none is taken for a redelivery", () => {
      const keys = fixtures.map((fixture) => draftOf(subject, fixture).key);
      mustBe([...new Set(keys)], keys, "make `key` of what happened and the message's id");
    }),
    ...strangeCases(subject),
    connected("hands in what a person says, in order", async ({ person, events }) => {
      await person.say("first");
      await person.say("second");
      mustBe(events.map(textOf), ["first", "second"], "wait for `accept` before the next one");
    }),
    connected("keeps every character of what a person says", async ({ person, events }) => {
      const words = "Grüezi 👩‍👩‍👧‍👦 — *not bold* <b>no tag</b> & שלום";
      await person.say(words);
      mustBe(events.map(textOf), [words], "the words are data: decode what the platform encodes, change nothing else");
    }),
    connected("tells two messages with the same words apart", async ({ person, events }) => {
      await person.say("yes");
      await person.say("yes");
      const keys = events.map(({ key }) => key);
      assert.equal(
        new Set(keys).size,
        2,
        'the second "yes" would be dropped as a repetition: make the key of the message\'s id',
      );
    }),
    connected("takes no message of its own for a person's", ownMessages),
    ...(subject.platform === undefined ? [] : [...placeCases(subject), ...changeCases(subject)]),
  ];
}

async function ownMessages({ person, greeted, events, reply }: Connected): Promise<void> {
  await reply(await greeted(), sampleReplies.plain);
  // An echo comes at once or with the next event.
  await person.say("thank you");
  await new Promise((resolve) => setTimeout(resolve, 200));
  mustBe(
    events.map(textOf),
    ["hello", "thank you"],
    "the bot would answer itself: mark what its own account wrote as `echo`",
  );
  assert.ok(
    events.every(({ operator }) => operator !== true),
    "a person's message is marked as `operator`: the bot would be silent, as if a human had taken over",
  );
}

/** What the adapter makes of a fixture; fails when it is ignored. */
export function draftOf(subject: ConformanceSubject, fixture: RawFixture): EventDraft {
  const { adapter, settings, identity } = subject;
  const normalized = adapter.bind(settings).normalize(fixture.raw, "main", fixture.identity ?? identity);
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
