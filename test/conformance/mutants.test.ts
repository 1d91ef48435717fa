import { expect, it } from "vitest";
import { failuresOf, judgeMutants } from "./run-mutants.ts";
import { toyAdapter } from "./toy/adapter.ts";

it("the kit finds nothing wrong with an adapter that is right", async () => {
  expect(await failuresOf(toyAdapter)).toEqual([]);
});

it("every mutant is caught by the case that is for it", async () => {
  const verdicts = await judgeMutants();
  expect(verdicts.length).toBeGreaterThanOrEqual(60);
  const missed = verdicts.filter(({ isCaught }) => !isCaught);
  expect(missed.map(({ mutant, said }) => `${mutant.bug} (${mutant.caughtBy}): ${said}`)).toEqual([]);
}, 300_000);
