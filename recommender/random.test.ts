import { describe, expect, it } from "vitest";
import { createRandom } from "./random.ts";

describe("seeded random numbers", () => {
  it("repeat with the seed and differ without", () => {
    const draw = (seed: number): number[] => {
      const random = createRandom(seed);
      return Array.from({ length: 5 }, () => random.next());
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw(0)).not.toContain(0);
  });

  it("are spread evenly, and normally where asked", () => {
    const random = createRandom(7);
    const counts = Array.from({ length: 10 }, () => 0);
    let sum = 0;
    let squares = 0;
    for (let index = 0; index < 20_000; index++) {
      const bucket = random.below(10);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
      const normal = random.normal();
      sum += normal;
      squares += normal ** 2;
    }
    expect(Math.min(...counts)).toBeGreaterThan(1800);
    expect(Math.max(...counts)).toBeLessThan(2200);
    expect(Math.abs(sum / 20_000)).toBeLessThan(0.03);
    expect(squares / 20_000).toBeCloseTo(1, 1);
  });
});
