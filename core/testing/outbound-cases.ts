import assert from "node:assert/strict";
import { sampleReplies } from "./sample-replies.ts";
import type { ConformanceCase, ConformanceSubject } from "./subject.ts";

/** From replies to payloads. */
export function outboundCases({ adapter, settings }: ConformanceSubject): readonly ConformanceCase[] {
  const bound = adapter.bind(settings);
  const { capabilities } = adapter.manifest;
  const group = "outbound";
  const cases = Object.entries(sampleReplies).flatMap(([name, reply]) =>
    [false, true].map((plain) => ({
      group,
      name: `renders ${name}${plain ? " as plain text" : ""} to at least one part`,
      run: async () => {
        assert.ok(bound.render(reply, { capabilities, plain }).parts.length > 0);
        await Promise.resolve();
      },
    })),
  );
  return [
    ...cases,
    {
      group,
      name: "renders the same reply the same way, since a delivery that is resumed counts on it",
      run: async () => {
        for (const reply of Object.values(sampleReplies)) {
          const count = (): number => bound.render(reply, { capabilities, plain: false }).parts.length;
          assert.equal(count(), count());
        }
        await Promise.resolve();
      },
    },
    {
      group,
      name: "reports choices that become a numbered list",
      run: async () => {
        const { choices } = sampleReplies;
        if (choices === undefined || capabilities.choices.max > 0) return;
        const { degraded, numberedChoices } = bound.render(choices, { capabilities, plain: false });
        assert.ok(
          degraded.some(({ feature }) => feature === "choices"),
          "the degradation is not reported",
        );
        assert.equal(numberedChoices, true);
        await Promise.resolve();
      },
    },
  ];
}
