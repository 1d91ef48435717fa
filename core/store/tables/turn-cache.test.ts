import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aTurn } from "../../../test/contracts/store/fixtures.ts";
import { createTurnCache } from "./turn-cache.ts";

describe("the cache of turns", () => {
  it("keeps what was used lately within its bound, and never gives another turn's text", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 300 }), fc.boolean()), { maxLength: 400 }), (uses) => {
        const cache = createTurnCache(60_000);
        for (const [id, isWrite] of uses) {
          if (isWrite) cache.set(id, aTurn({ text: `turn ${id}`, replies: [] }));
          expect(cache.get(id)?.text ?? `turn ${id}`).toBe(`turn ${id}`);
        }
        const kept = Array.from({ length: 301 }, (_, id) => cache.get(id)).filter((turn) => turn !== undefined);
        expect(kept.length).toBeLessThanOrEqual(150);
        const lastWritten = uses.findLast(([, isWrite]) => isWrite);
        if (lastWritten !== undefined) expect(cache.get(lastWritten[0])).toBeDefined();
      }),
    );
  });

  it("does not keep what is too large, nor anything after it was cleared", () => {
    const cache = createTurnCache(100_000);
    cache.set(1, aTurn({ text: "x".repeat(2_000) }));
    expect(cache.get(1)).toBeUndefined();
    cache.set(2, aTurn({ text: "small", replies: [] }));
    expect(cache.get(2)?.text).toBe("small");
    cache.clear();
    expect(cache.get(2)).toBeUndefined();
  });
});
