/** Who chose short answers gets the one sentence that answers, with the facts that were asked for. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { SHORT_ANSWERS } from "../../core/short-answers.ts";
import { crewBench } from "../../test/support/crew-bench.ts";

let bench: Awaited<ReturnType<typeof crewBench>>;
beforeAll(async () => {
  bench = await crewBench({ articles: "all" });
});
afterAll(async () => await bench.close());

it.each(["What does a replacement card cost?", "How long does a SEPA transfer take?"])("%s", async (question) => {
  const { reply: whole } = await bench.talk("anna").say(question);
  const memory = [{ ...SHORT_ANSWERS, at: "2026-11-21T10:00:00.000Z" }];
  const { reply: short } = await bench.talk("ben").say(question, { memory });
  expect(whole.text.length).toBeGreaterThan(2 * short.text.length);
  expect(short.text).toContain(short.sources?.[0]?.quote.slice(0, 12) ?? "a source");
  expect(short.text).toMatch(/\[1\]$/u);
});
