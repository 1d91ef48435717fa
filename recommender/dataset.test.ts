import { describe, expect, it } from "vitest";
import { createInteractions, interactionMatrix, limitInfluence, selectInteractions } from "./dataset.ts";
import { rowOf } from "./sparse.ts";

const interactions = createInteractions({
  userCount: 2,
  itemCount: 3,
  users: [0, 0, 1, 0],
  items: [2, 1, 0, 2],
  weights: [1, 2, 3, 4],
  times: [10, 20, 30, 40],
});

describe("interactions", () => {
  it("add up per pair", () => {
    const { columns, values } = rowOf(interactionMatrix(interactions), 0);
    expect([...columns]).toEqual([1, 2]);
    expect([...values]).toEqual([2, 5]);
  });

  it("can be picked by place", () => {
    const picked = selectInteractions(interactions, [2, 0]);
    expect([[...picked.users], [...picked.items], [...picked.weights], [...(picked.times ?? [])]]).toEqual([
      [1, 0],
      [0, 2],
      [3, 1],
      [30, 10],
    ]);
  });

  it("are refused out of range, with negative weights or of unequal length", () => {
    const one = { userCount: 1, itemCount: 1, users: [0], items: [0] };
    expect(() => createInteractions({ ...one, users: [1] })).toThrow("Interaction 0 is of user 1");
    expect(() => createInteractions({ ...one, weights: [-1] })).toThrow("weight -1");
    expect(() => createInteractions({ ...one, times: [] })).toThrow("arrays of one length");
  });

  it("count at most so much per pair and per user, however often they are repeated", () => {
    const limited = limitInfluence(interactions, { perPair: 4, perUser: 3 });
    expect([...limited.users]).toEqual([0, 0, 1]);
    expect([...limited.items]).toEqual([1, 2, 0]);
    expect([...limited.weights]).toEqual([1, 2, 3]);
    expect([...(limited.times ?? [])]).toEqual([20, 40, 30]);
  });
});
