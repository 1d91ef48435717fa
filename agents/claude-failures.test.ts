import { describe, expect, test } from "vitest";
import { ParleyError } from "../core/errors.ts";
import { silentTelemetry } from "../core/silent-telemetry.ts";
import { claudeCrewBench, enough, premium, search, streamed } from "../test/support/claude-crew-bench.ts";
import { always, billingError, failsMidStream, overloaded, stalls } from "../test/support/messages-api/faults.ts";

const { api, open } = claudeCrewBench();

describe("a crew whose model fails", () => {
  test("answers offline while the provider is overloaded", async () => {
    const { talk } = await open();
    api().script(always(overloaded));
    const answered = await talk("u1").say(premium);
    expect(answered.reply.model).toBe("offline");
    expect(answered.reply.text).toContain("14.90");
    expect(answered.cacheable).toBe(false);
    expect(answered.signals.some((signal) => signal.type === "status" && signal.text.includes("language model"))).toBe(
      true,
    );
  });

  test("leaves a provider alone that failed five times in a row", async () => {
    const { talk } = await open();
    api().script(always(billingError));
    const anna = talk("u1");
    for (let turn = 0; turn < 5; turn += 1) await anna.say(premium);
    expect(api().requests).toHaveLength(5);
    const answered = await anna.say(premium);
    expect(answered.reply.model).toBe("offline");
    expect(answered.steps).toContainEqual(expect.objectContaining({ kind: "breaker", outcome: "open" }));
    expect(api().requests).toHaveLength(5);
  });

  test("never shows what a broken stream had begun", async () => {
    const { talk } = await open();
    const broken = failsMidStream({ text: "The Premium Account. It costs a fortune." }, 4);
    api().script([search, broken, broken, broken]);
    const answered = await talk("u1").say(premium);
    expect(answered.reply.model).toBe("offline");
    expect(answered.reply.text).not.toContain("fortune");
    const pieces = streamed(answered).split("⟲");
    const [shown = ""] = pieces;
    expect(shown).not.toBe("");
    expect(pieces.at(-1)).toBe(answered.reply.text);
    // The search of the failed attempt is not made again.
    expect(answered.calls.map(({ name }) => name)).toEqual(["search_documents", "search_documents"]);
  });

  test("gives up on a stream that went silent and answers offline", async () => {
    const { talk } = await open({}, { idleTimeoutMs: 200, deadlineMs: 3_000 });
    api().script(always(stalls({ text: "The Premium Account" }, 1)));
    const answered = await talk("u1").say(premium);
    expect(answered.reply.model).toBe("offline");
  });

  test("tells a refusal instead of working around it", async () => {
    const { talk } = await open();
    api().script([enough, { text: "Well", stopReason: "refusal" }]);
    const failure: unknown = await talk("u1")
      .say("something bad")
      .catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(ParleyError);
    expect(failure).toMatchObject({ code: "model/refused" });
  });

  test("tells the admin loudly when only the admin can mend it", async () => {
    const errors: object[] = [];
    const log = { ...silentTelemetry.log, error: (fields: object) => void errors.push(fields) };
    const { talk } = await open({}, {}, { telemetry: { ...silentTelemetry, log } });
    api().script(always(billingError));
    expect((await talk("u1").say(premium)).reply.model).toBe("offline");
    expect(JSON.stringify(errors)).toContain("model/spend-limit");
  });

  test("throws where the admin wants no fallback", async () => {
    const { talk } = await open({}, { offlineFallback: false });
    api().script(always(overloaded));
    await expect(talk("u1").say(premium)).rejects.toMatchObject({ code: "model/overloaded" });
  });

  test("ends with the turn's own reason when the turn is aborted", async () => {
    const { talk } = await open();
    api().script(always(stalls({ text: "x" }, 0)));
    const abort = new AbortController();
    const reason = new ParleyError("turn/superseded", "a newer message came");
    const running = talk("u1").say(premium, { signal: abort.signal });
    setTimeout(() => abort.abort(reason), 300);
    await expect(running).rejects.toBe(reason);
  });
});
