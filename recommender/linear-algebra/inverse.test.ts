import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compileKernel, moduleOf } from "../../scripts/kernel.mjs";
import { createRandom } from "../random.ts";
import { invert, symmetricMatrix } from "./inverse.ts";

/** A random positive definite matrix, as rows. */
function positiveDefinite(size: number): readonly Float64Array[] {
  const random = createRandom(size);
  const rows = Array.from({ length: size }, () => Float64Array.from({ length: 6 }, () => random.normal()));
  return rows.map((left, row) =>
    Float64Array.from(rows, (right, column) =>
      left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), row === column ? 2 : 0),
    ),
  );
}

describe("inverse", () => {
  it.each([1, 2, 3, 5, 47, 48, 49, 50, 96, 131])("of %i rows times the matrix is 1", (size) => {
    const rows = positiveDefinite(size);
    const matrix = symmetricMatrix(size);
    for (const [row, values] of rows.entries()) matrix.values.set(values.subarray(0, row + 1), row * matrix.stride);
    invert(matrix);
    for (const [row, values] of rows.entries()) {
      for (let column = 0; column < size; column++) {
        const product = values.reduce(
          (sum, value, index) => sum + value * (matrix.values[index * matrix.stride + column] ?? 0),
          0,
        );
        expect(Math.abs(product - (row === column ? 1 : 0))).toBeLessThan(1e-10);
      }
    }
  });

  it("is refused for a matrix that is not positive definite", () => {
    const matrix = symmetricMatrix(2);
    matrix.values.set([1]);
    matrix.values.set([2, 1], matrix.stride);
    expect(() => invert(matrix)).toThrow(/not positive definite \(row 1\)/);
  });

  it("is compiled from its source", async () => {
    const committed = readFileSync(new URL("binary.ts", import.meta.url), "utf8");
    expect(moduleOf(await compileKernel("linear-algebra")) === committed, "npm run build").toBe(true);
  });
});
