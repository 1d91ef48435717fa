/** What can be told of a table without a program: what its columns hold, and sums by group. */
import { closest } from "fastest-levenshtein";
import type { Json } from "../../core/json.ts";
import type { Chart } from "./chart.ts";
import type { Table } from "./table.ts";

/** Values of a column that are named, and groups that are told: no more than a person reads. */
const MOST_NAMED = 5;
const MOST_GROUPS = 30;

export interface ColumnSummary {
  readonly [key: string]: Json;
  readonly name: string;
}

/** Of each column: of numbers sum, mean, least and most; of words how many different ones, and the most frequent. */
export function columnSummaries({ columns, rows }: Table): readonly ColumnSummary[] {
  return columns.map((name) => {
    const values = rows.map((row) => row[name] ?? null).filter((value) => value !== null);
    const empty = rows.length - values.length;
    const numbers = values.filter((value) => typeof value === "number");
    const isNumeric = numbers.length > 0 && numbers.length === values.length;
    return { name, empty, ...(isNumeric ? ofNumbers(numbers) : ofWords(values)) };
  });
}

function ofNumbers(numbers: readonly number[]): Readonly<Record<string, Json>> {
  const sum = total(numbers);
  const [least, most] = numbers.reduce(([low, high], one) => [Math.min(low, one), Math.max(high, one)], [
    Infinity,
    -Infinity,
  ] satisfies [number, number]);
  return { kind: "number", sum, mean: rounded(sum / numbers.length), least, most };
}

function ofWords(values: readonly Json[]): Readonly<Record<string, Json>> {
  const counts = countBy(values.map(wordOf));
  const frequent = [...counts].toSorted(([, left], [, right]) => right - left).slice(0, MOST_NAMED);
  return { kind: "text", different: counts.size, frequent: frequent.map(([value, count]) => ({ value, count })) };
}

export interface Groups {
  readonly by: string;
  /** Left out where rows were counted. */
  readonly of?: string;
  readonly groups: readonly { readonly [key: string]: Json; readonly group: string; readonly value: number }[];
  /** How many further groups there are. */
  readonly more: number;
}

/** Sums of a column by the values of another, largest first and dates in their order; counts rows where no column is named. */
export function groupTable(table: Table, by: string, of?: string): Groups {
  const sums = new Map<string, number>();
  for (const row of table.rows) {
    const group = wordOf(row[by] ?? null);
    const value = of === undefined ? 1 : row[of];
    if (typeof value === "number") sums.set(group, (sums.get(group) ?? 0) + value);
  }
  const all = [...sums].map(([group, value]) => ({ group, value: rounded(value) }));
  const isTimely = all.every(({ group }) => /^\d{4}(?:-\d{2}){0,2}\b/u.test(group));
  const ordered = isTimely
    ? all.toSorted((left, right) => (left.group < right.group ? -1 : 1))
    : all.toSorted((left, right) => right.value - left.value);
  const groups = ordered.slice(0, MOST_GROUPS);
  return { by, ...(of !== undefined && { of }), groups, more: all.length - groups.length };
}

/** The groups as a picture: of dates a line, else bars. */
export function groupChart({ by, of, groups }: Groups): Chart {
  const isTimely = groups.length > 1 && groups.every(({ group }) => /^\d{4}(?:-\d{2}){0,2}\b/u.test(group));
  return {
    type: isTimely ? "line" : "bar",
    title: of === undefined ? by : `${of} / ${by}`,
    x: by,
    ...(of !== undefined && { y: of }),
    labels: groups.map(({ group }) => group),
    series: [{ name: "", values: groups.map(({ value }) => value) }],
  };
}

/** The column that a person means by a name; undefined where none is written nearly like it. */
export function columnCalled(name: string, { columns }: Table): string | undefined {
  const fold = (text: string): string => text.normalize("NFKC").toLowerCase().trim();
  const folded = new Map(columns.map((column) => [fold(column), column]));
  const wanted = fold(name);
  const near = closest(wanted, [...folded.keys()]);
  const isNear = near !== undefined && (near === wanted || differs(near, wanted));
  return isNear ? folded.get(near) : undefined;
}

/** One of a plural's letters more, or a slip of the fingers. */
const differs = (near: string, wanted: string): boolean =>
  near.length > 3 && (near.startsWith(wanted.slice(0, -1)) || wanted.startsWith(near.slice(0, -1)));

function countBy(words: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

const wordOf = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value)).slice(0, 80);
const total = (numbers: readonly number[]): number => rounded(numbers.reduce((sum, one) => sum + one, 0));
/** Without what binary fractions leave behind: 0.30000000000000004. */
const rounded = (value: number): number => Number(value.toPrecision(12));
