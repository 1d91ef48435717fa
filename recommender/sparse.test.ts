import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RecommenderError } from "./errors.ts";
import { identity, normalizeRows, withIdentity } from "./feature-rows.ts";
import { compressRows, rowOf, sparseRow, transpose } from "./sparse.ts";

describe("sparse matrices", () => {
  it("hold what was put in, equal places added up, columns rising", () => {
    const places = fc.array(fc.tuple(fc.nat(7), fc.nat(5), fc.integer({ min: -9, max: 9 })));
    fc.assert(
      fc.property(places, (entries) => {
        const matrix = compressRows({
          rowCount: 8,
          columnCount: 6,
          rows: entries.map(([row]) => row),
          columns: entries.map(([, column]) => column),
          values: entries.map(([, , value]) => value),
        });
        for (let row = 0; row < 8; row++) {
          const expected = sparseRow(
            entries.filter(([at]) => at === row).map(([, column, value]): [number, number] => [column, value]),
          );
          expect(rowOf(matrix, row)).toEqual(expected);
        }
        expect(transpose(transpose(matrix))).toEqual(matrix);
      }),
    );
  });

  it("refuse a place outside and a value that is no number", () => {
    const outside = { rowCount: 2, columnCount: 2, rows: [0, 2], columns: [0, 1] };
    expect(() => compressRows(outside)).toThrow(RecommenderError);
    expect(() => compressRows({ ...outside, rows: [0, 1], values: [1, Number.NaN] })).toThrow("Entry 1");
    expect(() => rowOf(identity(2), 2)).toThrow("the matrix has 2 rows");
  });

  it("normalize rows to a sum of one and leave empty rows empty", () => {
    const matrix = normalizeRows(
      compressRows({ rowCount: 2, columnCount: 3, rows: [0, 0], columns: [0, 2], values: [1, 3] }),
    );
    expect([...rowOf(matrix, 0).values]).toEqual([0.25, 0.75]);
    expect(rowOf(matrix, 1).values).toHaveLength(0);
  });

  it("take identities in front of features", () => {
    const matrix = withIdentity(
      compressRows({ rowCount: 2, columnCount: 3, rows: [0, 1], columns: [2, 0], values: [5, 7] }),
    );
    expect(matrix.columnCount).toBe(5);
    expect(rowOf(matrix, 0)).toEqual(
      sparseRow([
        [0, 1],
        [4, 5],
      ]),
    );
    expect(rowOf(matrix, 1)).toEqual(
      sparseRow([
        [1, 1],
        [2, 7],
      ]),
    );
  });
});
