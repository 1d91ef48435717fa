import assert from "node:assert/strict";
import { connectedCases, mustBe, pureCase } from "./case.ts";
import type { Connected } from "./connect-subject.ts";
import { elsewhereCases } from "./elsewhere-cases.ts";
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
          assert.ok(bound.render(reply, { capabilities, plain }).parts.length > 0, "there must be a part to send");
        }),
      ),
    ),
    pureCase("outbound", "renders the same reply the same way, since a delivery that is resumed counts on it", () => {
      for (const reply of Object.values(sampleReplies)) {
        const parts = (): number => bound.render(reply, { capabilities, plain: false }).parts.length;
        mustBe(parts(), parts(), "`render` must give as many parts each time");
      }
    }),
    connected("shows a reply whole, with an id for every part", async ({ person, greeted, reply }) => {
      const ids = await reply(await greeted(), sampleReplies.plain);
      assert.ok(ids.length > 0 && ids.every((id) => id !== ""));
      assert.ok(
        person.seen().some((text) => text.includes("Your card is on its way.")),
        "the reply was not seen",
      );
    }),
    connected("shows every sentence of a long reply", longReply),
    connected("shows every kind of reply without a call that the platform refuses", async (one) => {
      const event = await one.greeted();
      for (const reply of Object.values(sampleReplies)) await one.reply(event, reply);
      mustBe(one.local?.platform.refusedCalls() ?? [], [], "the platform refuses what `render` makes");
    }),
    connected("writes its own labels and times as the bot does, on cards and in words", async (one) => {
      const event = await one.greeted();
      const berlin = { locale: "de", timeZone: "Europe/Berlin" };
      await one.reply(event, sampleReplies.proposal, berlin);
      const seen = one.person.seen().join("\n");
      assert.doesNotMatch(seen, /Valid until|\d\s?[AP]M\b|UTC/iu);
      // A platform that shows cards of its own (a page) writes them itself.
      if (!/Gültig bis/u.test(seen)) return;
      for (const part of ["Gültig bis", "01.01.2030", "01:00:00"])
        assert.ok(seen.includes(part), `"${part}" was expected in: ${seen}`);
    }),
    connected("keeps every word where it renders plain text", plainWords),
    ...(subject.platform === undefined
      ? []
      : [
          connected("sends nothing that was called off", calledOff),
          ...failureCases(subject),
          ...elsewhereCases(subject),
        ]),
  ];
}

async function longReply({ person, events, reply }: Connected): Promise<void> {
  await person.say("tell me everything");
  await reply(events[0] ?? assert.fail("nothing was handed in"), sampleReplies.long);
  const seen = person.seen().join("\n").replaceAll(/\s+/gu, " ");
  for (let index = 0; index < 900; index += 1)
    assert.ok(seen.includes(`number ${index} of`), `sentence ${index} is missing`);
}

async function plainWords({ person, greeted, replyPlainly }: Connected): Promise<void> {
  const event = await greeted();
  for (const name of ["plain", "markdown", "table"] as const) await replyPlainly(event, sampleReplies[name]);
  const seen = person.seen().join("\n");
  for (const word of ["Your card is on its way.", "Fees", "debit card", "free", "one", "two", "amount", "5 €"])
    assert.ok(seen.includes(word), `"${word}" is lost when \`render\` is asked for \`plain\`: ${seen}`);
}

async function calledOff({ person, greeted, session, outgoing }: Connected): Promise<void> {
  const one = outgoing(await greeted(), sampleReplies.plain);
  const ended = await session.send({ ...one, signal: AbortSignal.abort() }).then(
    () => "sent",
    () => "thrown",
  );
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(ended, "thrown", "a send whose signal is aborted must throw: another process may send it by now");
  assert.ok(
    !person.seen().join("\n").includes("Your card is on its way."),
    "it was sent though its signal was aborted",
  );
}

async function plainAfterRefusal({ greeted, local, reply, deliver, logged }: Connected): Promise<void> {
  const lastShown = () => local?.ann.sees().findLast(({ author }) => author.isBot) ?? assert.fail("nothing is seen");
  const event = await greeted();
  await reply(event, sampleReplies.markdown);
  const formatted = lastShown().html;
  local?.platform.faults.next("send", { kind: "markup-refused" });
  const record = await deliver(event, sampleReplies.markdown);
  assert.equal(record.outcome, "delivered", `${record.detail ?? ""} ${logged()}`);
  const shown = lastShown();
  assert.ok(shown.plain.includes("debit card"), `the words are lost: ${shown.plain}`);
  assert.notEqual(shown.html, formatted, "what was refused was sent again: `render` must obey `plain`");
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
  const afterRefusal = isTold("markup-refused")
    ? [connected("sends plain text after the platform refused the markup", plainAfterRefusal)]
    : [];
  const told = FAILURES.filter(([, { kind }]) => isTold(kind)).map(([what, fault, codes]) =>
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
  return [...told, ...afterRefusal];
}

async function failureOf({ greeted, local, session, outgoing }: Connected, fault: CallFault): Promise<Error> {
  const one = outgoing(await greeted(), sampleReplies.markdown);
  local?.platform.faults.next("send", fault);
  try {
    await session.send(one);
  } catch (thrown) {
    return thrown instanceof Error ? thrown : assert.fail("what was thrown is no Error");
  }
  return assert.fail("the send succeeded: the library repeats calls by itself, which doubles messages. Turn that off");
}
