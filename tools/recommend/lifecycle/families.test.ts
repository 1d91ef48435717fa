import { expect, it } from "vitest";
import { loadModel, standardCandidates, synthesize } from "../../../recommender/index.ts";
import { FAMILIES } from "./families.ts";

it("whatever the selector may choose can be read back from a version", { timeout: 60_000 }, async () => {
  const data = synthesize({ users: 80, items: 60, interactions: 900, seed: 1 });
  const candidates = standardCandidates(data.dataset);
  const kinds = new Set<string>();
  for (const { fit } of candidates) {
    const model = await fit(data.dataset);
    kinds.add(model.kind);
    expect(loadModel(model.save(), FAMILIES).scores({})).toEqual(model.scores({}));
  }
  expect([...kinds]).toEqual(expect.arrayContaining(["popularity", "ease", "softmax"]));
});
