/** Refuses bad input by name, before it can reach a table: ids, counts, rows, options. */
import { z } from "zod";
import { RecommenderError } from "./errors.ts";
import type { SparseMatrix, SparseRow } from "./sparse-matrix.ts";

/** More rows or columns than this fit no machine, and overflow the 32 bits of an offset. */
const MOST_ROWS = 2 ** 28;
/** Weights and features beyond this are mistakes, and their squares leave single precision. */
export const LARGEST = 1e12;

/** @throws RecommenderError `recommender/invalid-data` */
export function refuse(message: string, options: ErrorOptions = {}): never {
  throw new RecommenderError("recommender/invalid-data", message, options);
}

/** What was given, short enough for a sentence. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  if (value === null || ["number", "boolean", "undefined", "bigint"].includes(typeof value)) return String(value);
  return Array.isArray(value) || ArrayBuffer.isView(value) ? "a list" : `a value of type ${typeof value}`;
}

/**
 * An id that exists.
 * @throws RecommenderError `recommender/out-of-range`
 */
export function requireIndex(index: number, count: number, what: string): number {
  if (Number.isInteger(index) && index >= 0 && index < count) return index;
  throw new RecommenderError(
    "recommender/out-of-range",
    `${what} ${shown(index)} was asked for; there are ${count}, counted from 0.` +
      (typeof index === "string" ? " Names are rows of a vocabulary: vocabulary.rowOf(name)." : ""),
  );
}

/** @throws RecommenderError `recommender/out-of-range` for the first that does not exist */
export function requireIndices(indices: ArrayLike<number>, count: number, what: string): void {
  requireList(indices, `${what}s`);
  for (let at = 0; at < indices.length; at++) requireIndex(indices[at] ?? Number.NaN, count, what);
}

/** A whole number from 0. */
export function requireCount(count: number, what: string, most: number = MOST_ROWS): number {
  if (Number.isInteger(count) && count >= 0 && count <= most) return count;
  return refuse(`${what} is ${shown(count)}; it must be a whole number from 0 to ${most}.`);
}

/** A name of a user, an item or a feature. */
export function requireName(name: string, what: string): string {
  return typeof name === "string" && name !== ""
    ? name
    : refuse(`${what} is a text that is not empty; ${shown(name)} was given.`);
}

/** A share from 0 to 1. */
export function requireShare(share: number, what: string): number {
  return typeof share === "number" && share >= 0 && share <= 1
    ? share
    : refuse(`${what} is ${shown(share)}; it must be a number from 0 to 1.`);
}

/** A number that can be calculated with. */
export function requireFinite(value: number, what: string): number {
  return typeof value === "number" && Number.isFinite(value)
    ? value
    : refuse(`${what} is ${shown(value)}; it must be a finite number.`);
}

export function requireFunction(value: unknown, what: string): void {
  if (typeof value !== "function") refuse(`${what} is ${shown(value)}; it must be a function.`);
}

/** An object with its fields; also what options are. */
export function requireObject(value: unknown, what: string, methods: readonly string[] = []): void {
  if (!isRecord(value)) refuse(`${what}: ${shown(value)} was given where an object is needed.`);
  for (const name of methods) requireFunction(Reflect.get(value, name), `${name} of ${what}`);
}

/** Anything that can be gone through. */
export function requireIterable(value: Iterable<unknown>, what: string): void {
  if (typeof value === "object" && value !== null && Symbol.iterator in value) return;
  refuse(`${what}: ${shown(value)} was given where a list is needed.`);
}

/** An array or a typed array. */
export function requireList(list: ArrayLike<unknown>, what: string): void {
  if (Array.isArray(list) || (ArrayBuffer.isView(list) && !(list instanceof DataView))) return;
  refuse(`${what}: ${shown(list)} was given where an array is needed.`);
}

const isRecord = (value: unknown): value is object => typeof value === "object" && value !== null;

/** Whether a number may be a weight or a feature. */
export const isUsable = (value: number): boolean => typeof value === "number" && Math.abs(value) <= LARGEST;

/**
 * Options with their defaults filled in.
 * @throws RecommenderError `recommender/invalid-data` with the names of the wrong ones
 */
export function parseOptions<Schema extends z.ZodType>(schema: Schema, options: unknown, of: string): z.output<Schema> {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  return refuse(`Options of ${of}: ${z.prettifyError(parsed.error)}`, { cause: parsed.error });
}

/** A row whose columns exist and rise. */
export function requireRow(row: SparseRow, columnCount: number, what: string): void {
  const { columns, values } = isRecord(row) ? row : refuse(`${what}: ${shown(row)} was given where a row is needed.`);
  if (!(columns instanceof Int32Array) || !(values instanceof Float32Array) || columns.length !== values.length) {
    refuse(`${what}: a row has columns and as many values, as sparseRow([[column, value], …]) makes it.`);
  }
  let before = -1;
  for (let at = 0; at < columns.length; at++) {
    const column = requireIndex(columns[at] ?? Number.NaN, columnCount, what);
    if (column <= before) refuse(`${what} ${column} comes after ${before}: columns rise, as sparseRow makes them.`);
    before = column;
    if (!isUsable(values[at] ?? Number.NaN)) refuse(`${what} ${column} has the value ${values[at]}; ${USABLE}`);
  }
}

const USABLE = `values are finite and at most ${LARGEST.toExponential()}.`;

/** A matrix as `compressRows` makes it, also when it comes from a file or was put together by hand. */
export function requireMatrix(matrix: SparseMatrix, what: string, largest: number = Number.MAX_VALUE): void {
  if (!isRecord(matrix)) refuse(`${what}: ${shown(matrix)} was given where a matrix is needed.`);
  const { rowCount, columnCount, offsets, columns, values } = matrix;
  requireCount(rowCount, `The number of rows of ${what}`);
  requireCount(columnCount, `The number of columns of ${what}`);
  const isTyped = offsets instanceof Int32Array && columns instanceof Int32Array && values instanceof Float32Array;
  if (!isTyped || offsets.length !== rowCount + 1 || columns.length !== values.length) {
    refuse(`${what} is no matrix of ${rowCount} rows: make it with compressRows.`);
  }
  if (offsets[0] !== 0 || offsets[rowCount] !== columns.length)
    refuse(`${what} has offsets that do not fit its columns.`);
  for (let row = 0; row < rowCount; row++) {
    const end = offsets[row + 1] ?? -1;
    let before = -1;
    if (end < (offsets[row] ?? 0) || end > columns.length) refuse(`${what} has offsets that fall at row ${row}.`);
    for (let at = offsets[row] ?? 0; at < end; at++) {
      const column = columns[at] ?? -1;
      if (column <= before || column >= columnCount || !(Math.abs(values[at] ?? Number.NaN) <= largest)) {
        refuse(
          `${what} has in row ${row}, column ${column}, the value ${values[at]}: columns rise from 0 to ` +
            `${columnCount - 1}, and ${USABLE}`,
        );
      }
      before = column;
    }
  }
}

/** A learned table of the length that its model needs, without holes. */
export function requireNumbers(table: Float32Array | Float64Array, what: string): void {
  if (table.every((value) => Number.isFinite(value))) return;
  throw new RecommenderError(
    "recommender/diverged",
    `${what} went out of bounds; nothing was changed. Look at the largest weights and features of the data.`,
  );
}
