/** A crew on Claude while a cap on spending is reached, and what it counts of calls that came to no end. */
import { describe, expect, test } from "vitest";
import { claudeCrewBench, premium, search } from "../test/support/claude-crew-bench.ts";
import { failsMidStream, stalls } from "../test/support/messages-api/faults.ts";
import { Secret } from "../core/config/secret.ts";
import type { ModelUsage } from "../core/crew.ts";
import { ParleyError } from "../core/errors.ts";

const { api, open } = claudeCrewBench();

describe("without its models", () => {
  test(
    "a crew answers by the embedded brain: no request, nothing spent, nothing to keep",
    { timeout: 120_000 },
    async () => {
      const { talk } = await open();
      const { reply, usages, cacheable } = await talk("u1").say(premium, { withoutModel: true });
      expect(reply.text).toContain("14.90");
      expect(reply.model).toBe("offline");
      expect([api().requests, usages, cacheable]).toEqual([[], [], false]);
    },
  );

  test("a specialist does not ask a model of its own either", { timeout: 120_000 }, async () => {
    const model = { apiKey: new Secret("test-key", "test"), baseUrl: api().url };
    const { talk } = await open({ specialists: { knowledge: { model } } });
    const { reply } = await talk("u1").say(premium, { withoutModel: true });
    expect(reply.text).toContain("14.90");
    expect(api().requests).toEqual([]);
  });

  test("a crew that may not fall back has nothing to go on with", async () => {
    const { talk } = await open({}, { offlineFallback: false });
    await expect(talk("u1").say(premium, { withoutModel: true })).rejects.toThrow("nothing to go on with");
  });
});

describe("what is counted", () => {
  test("of a turn that is stopped in the middle of an answer", async () => {
    const { talk } = await open();
    const text = "The Premium Account costs €14.90 a month [1]. There is more to say of it.";
    api().script([search, stalls({ text, usage: { inputTokens: 700 } }, 4)]);
    const stop = new AbortController();
    const usages: ModelUsage[] = [];
    const running = talk("u1").say(premium, {
      signal: stop.signal,
      usage: (usage) => {
        usages.push(usage);
      },
      emit: ({ type }) => {
        if (type === "delta") stop.abort(new ParleyError("turn/timeout", "too long"));
      },
    });
    await expect(running).rejects.toThrow("too long");
    await expect.poll(() => usages.map(({ role }) => role)).toEqual(["reader", "response-generator"]);
    expect(usages[1]?.inputTokens).toBe(700);
  });

  test("of each attempt that fails in the middle", async () => {
    const { talk } = await open();
    api().script([
      search,
      failsMidStream({ text: "The Premium Account", usage: { inputTokens: 700 } }, 1),
      { text: "€14.90 [1]." },
    ]);
    const { usages } = await talk("u1").say(premium);
    expect(usages.map(({ role }) => role)).toEqual(["reader", "response-generator", "response-generator"]);
    expect(usages[1]?.inputTokens).toBe(700);
  });
});
