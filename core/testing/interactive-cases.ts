import assert from "node:assert/strict";
import { connectedCases, mustBe, pureCase } from "./case.ts";
import type { Connected } from "./connect-subject.ts";
import { eventually } from "./connect-subject.ts";
import { sampleReplies } from "./sample-replies.ts";
import type { ConformanceCase, ConformanceSubject } from "./subject.ts";

/** Buttons, menus, polls, and their absence. */
export function interactiveCases(subject: ConformanceSubject): readonly ConformanceCase[] {
  const { adapter, settings, platform } = subject;
  const { capabilities } = adapter.manifest;
  const connected = connectedCases(subject, "interactive");
  const pressable = platform !== undefined && (capabilities.choices.max > 0 || capabilities.polls);
  return [
    pureCase("interactive", "reports choices that become a numbered list", () => {
      const { choices } = sampleReplies;
      if (capabilities.choices.max > 0) return;
      const { degraded, numberedChoices } = adapter.bind(settings).render(choices, { capabilities, plain: false });
      if (capabilities.polls && numberedChoices !== true) return;
      assert.ok(
        degraded.some(({ feature }) => feature === "choices"),
        "say in `degraded` that choices are shown as a numbered list",
      );
      mustBe(numberedChoices, true, "say with `numberedChoices` that a typed number is a choice");
    }),
    ...(pressable
      ? [
          connected("brings a press back as the choice's id and its presser", async (one) => {
            await press(one);
            const action = one.events.at(-1);
            assert.ok(
              action?.type === "action" && action.choiceId === "savings",
              "no `action` with the choice's id as `choiceId`: send the id with the button",
            );
            mustBe(action.user.id, one.events[0]?.user.id, "`user` must be whoever pressed");
          }),
          connected("answers a press in the platform's time though the queue takes 2 s", async (one) => {
            await one.greeted();
            one.delay(2_000);
            const { acknowledged } = await press(one);
            assert.ok(
              acknowledged,
              "the platform showed the presser a failure: acknowledge the press before `accept` resolves",
            );
          }),
        ]
      : []),
  ];
}

async function press({ local, events, greeted, reply }: Connected) {
  const { ann } = local ?? assert.fail("there is no local platform");
  const [messageId] = await reply(events[0] ?? (await greeted()), sampleReplies.choices);
  const label = "Savings";
  const shown = ann.sees().find(({ choices }) => choices.some((choice) => choice.label === label));
  assert.ok(shown !== undefined, `no choice "${label}" was shown with ${messageId}`);
  const before = events.length;
  if (ann.press === undefined)
    assert.fail("the local platform's people have no `press`: write it, the manifest declares choices");
  const acknowledgement = await ann.press(shown.id, label);
  await eventually(() => events.length > before, "the press was never handed in");
  return acknowledgement;
}
