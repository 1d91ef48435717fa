import { expect, it } from "vitest";
import { families } from "./families.ts";
import { loadModel } from "./load.ts";
import { standardCandidates } from "./selector/candidates.ts";
import { synthesize } from "./synthetic.ts";

it("whatever the selector may choose can be read back", async () => {
  const data = synthesize({ users: 80, items: 60, interactions: 900, seed: 1 });
  const candidates = standardCandidates(data.dataset);
  const kinds = new Set<string>();
  for (const { fit } of candidates) {
    const model = await fit(data.dataset);
    kinds.add(model.kind);
    expect(loadModel(model.save(), families).scores({})).toEqual(model.scores({}));
  }
  expect([...kinds]).toEqual(expect.arrayContaining(["popularity", "ease", "softmax"]));
});
