import assert from "node:assert/strict";
import { connectedCases, pureCase } from "./case.ts";
import type { Connected } from "./connect-subject.ts";
import { sampleReplies } from "./sample-replies.ts";
import type { CallFault } from "./local-platform.ts";
import type { ConformanceCase, ConformanceSubject } from "./subject.ts";

/** From replies to payloads, and onto the platform. */
export function outboundCases(subject: ConformanceSubject): readonly ConformanceCase[] {
  const { adapter, settings } = subject;
  const bound = adapter.bind(settings);
  const { capabilities } = adapter.manifest;
  const connected = connectedCases(subject, "outbound");
  return [
    ...Object.entries(sampleReplies).flatMap(([name, reply]) =>
      [false, true].map((plain) =>
        pureCase("outbound", `renders ${name}${plain ? " as plain text" : ""} to at least one part`, () => {
          assert.ok(bound.render(reply, { capabilities, plain }).parts.length > 0);
        }),
      ),
    ),
    pureCase("outbound", "renders the same reply the same way, since a delivery that is resumed counts on it", () => {
      for (const reply of Object.values(sampleReplies)) {
        const count = (): number => bound.render(reply, { capabilities, plain: false }).parts.length;
        assert.equal(count(), count());
      }
    }),
    connected("shows a reply whole, with an id for every part", async ({ person, events, reply }) => {
      await person.say("hello");
      const ids = await reply(events[0] ?? assert.fail("nothing was handed in"), sample("plain"));
      assert.ok(ids.length > 0 && ids.every((id) => id !== ""));
      assert.ok(
        person.seen().some((text) => text.includes("Your card is on its way.")),
        "the reply was not seen",
      );
    }),
    connected("shows every sentence of a long reply", async ({ person, events, reply }) => {
      await person.say("tell me everything");
      await reply(events[0] ?? assert.fail("nothing was handed in"), sample("long"));
      const seen = person.seen().join("\n").replaceAll(/\s+/gu, " ");
      for (let index = 0; index < 900; index += 1)
        assert.ok(seen.includes(`number ${index} of`), `sentence ${index} is missing`);
    }),
    connected("shows every kind of reply without a call that the platform refuses", async (one) => {
      await one.person.say("hello");
      const event = one.events[0] ?? assert.fail("nothing was handed in");
      for (const reply of Object.values(sampleReplies)) await one.reply(event, reply);
      assert.deepEqual(one.local?.platform.refusedCalls() ?? [], []);
    }),
    ...(subject.platform === undefined ? [] : failureCases(subject)),
  ];
}

/** What `send` must throw, by what happened to the call. */
const FAILURES: readonly (readonly [what: string, fault: CallFault, codes: readonly string[]])[] = [
  ["a rate limit", { kind: "rate-limited", retryAfterMs: 1_500 }, ["send/rate-limited"]],
  ["a server error", { kind: "server-error", status: 503 }, ["send/transient", "send/ambiguous"]],
  ["a connection that was cut before the call", { kind: "cut-before" }, ["send/transient", "send/ambiguous"]],
  ["a connection that was cut behind the call", { kind: "cut-after" }, ["send/ambiguous"]],
  ["refused markup", { kind: "markup-refused" }, ["send/markup-refused"]],
];

function failureCases(subject: ConformanceSubject): readonly ConformanceCase[] {
  const connected = connectedCases(subject, "outbound");
  const hasMarkup = subject.adapter.manifest.capabilities.text.markup !== "none";
  const isTold = (kind: CallFault["kind"]): boolean =>
    (subject.failures?.includes(kind) ?? true) && (hasMarkup || kind !== "markup-refused");
  return FAILURES.filter(([, { kind }]) => isTold(kind)).map(([what, fault, codes]) =>
    connected(`tells ${what} from other failures of a send`, async (one) => {
      const error = await failureOf(one, fault);
      assert.ok(
        codes.includes(String(Reflect.get(error, "code"))),
        `${codes.join(" or ")} was expected: ${error.message}`,
      );
      if (fault.kind === "rate-limited") {
        const waits = Number(Reflect.get(error, "retryAfterMs"));
        assert.ok(waits >= fault.retryAfterMs, `retryAfterMs is ${waits}, the platform said ${fault.retryAfterMs}`);
      }
    }),
  );
}

async function failureOf({ person, events, local, session, outgoing }: Connected, fault: CallFault): Promise<Error> {
  await person.say("hello");
  const one = outgoing(events[0] ?? assert.fail("nothing was handed in"), sample("markdown"));
  local?.platform.faults.next("send", fault);
  try {
    await session.send(one);
  } catch (thrown) {
    return thrown instanceof Error ? thrown : assert.fail("what was thrown is no Error");
  }
  return assert.fail("the send succeeded: the library repeats calls by itself, which doubles messages. Turn that off");
}

function sample(name: string): (typeof sampleReplies)[string] {
  return sampleReplies[name] ?? assert.fail(`there is no sample reply "${name}"`);
}
