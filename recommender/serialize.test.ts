import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RecommenderError } from "./errors.ts";
import { readContainer, sectionOf, writeContainer } from "./serialize.ts";

const container = {
  kind: "example",
  version: 3,
  parameters: { learningRate: 0.05 },
  sections: {
    weights: Float32Array.of(1, 2, 3),
    times: Float64Array.of(1e12),
    places: Int32Array.of(-1, 7),
    names: new TextEncoder().encode("ünï"),
  },
};

const codeOf = (bytes: Uint8Array): string => {
  try {
    readContainer(bytes);
    return "read";
  } catch (error) {
    return error instanceof RecommenderError ? error.code : "another error";
  }
};

describe("a model's file", () => {
  it("gives back what was written", () => {
    expect(readContainer(writeContainer(container))).toEqual(container);
  });

  it("is read from any place in a larger buffer", () => {
    const bytes = writeContainer(container);
    const larger = new Uint8Array(bytes.length + 3);
    larger.set(bytes, 3);
    expect(readContainer(larger.subarray(3))).toEqual(container);
  });

  it("is refused when it is not ours", () => {
    expect(codeOf(new Uint8Array())).toBe("recommender/foreign-file");
    expect(codeOf(new TextEncoder().encode("PK\u0003\u0004 a zip archive, not a model"))).toBe(
      "recommender/foreign-file",
    );
  });

  it("is refused when another version wrote it", () => {
    const bytes = writeContainer(container);
    bytes[8] = 9;
    expect(codeOf(bytes)).toBe("recommender/unsupported-file");
  });

  it("is refused wherever it is cut", () => {
    const bytes = writeContainer(container);
    for (let length = 8; length < bytes.length; length++) {
      expect(codeOf(bytes.subarray(0, length))).toBe("recommender/corrupt-file");
    }
  });

  it("is refused when any bit of its content changed", () => {
    const bytes = writeContainer(container);
    fc.assert(
      fc.property(fc.integer({ min: 12, max: bytes.length - 1 }), fc.nat(7), (place, bit) => {
        const changed = bytes.slice();
        changed[place] = (changed[place] ?? 0) ^ (1 << bit);
        expect(codeOf(changed)).toBe("recommender/corrupt-file");
      }),
    );
  });

  it("names the section that a kind misses", () => {
    const read = readContainer(writeContainer(container));
    expect(sectionOf(read, "weights", Float32Array)).toHaveLength(3);
    expect(() => sectionOf(read, "weights", Int32Array)).toThrow('needs section "weights" as Int32Array');
  });
});
