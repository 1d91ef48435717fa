/** The plots of the report: values with intervals, bars, and lines. Pure; data in, drawing out. */
import { bar, dot, type Drawing, format, label, line } from "./markup.ts";
import { linearScale, type Scale } from "./scale.ts";

/** How a row is drawn: what is served, what is fine, what is refused. */
export type Emphasis = "chosen" | "plain" | "refused";

const WIDTH = 760;
const LABELS = 330;
const RIGHT = 60;
const ROW = 24;
const TOP = 8;
const AXIS = 30;
/** Names longer than this are cut; the table has them whole. */
const LONGEST_NAME = 44;

export interface IntervalRow {
  readonly name: string;
  readonly emphasis: Emphasis;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** A dot and its confidence interval per row; a dashed line where popularity is. */
export function intervalPlot(rows: readonly IntervalRow[], reference: number | undefined): Drawing {
  const scale = linearScale(
    rows.flatMap(({ mean, low, high }) => [mean, low, high]).concat(reference ?? []),
    LABELS,
    WIDTH - RIGHT,
  );
  return rowsWith(rows, scale, reference, ({ mean, low, high, emphasis, name }, y) => [
    line([scale.at(low), y], [scale.at(high), y], `whisker ${emphasis}`),
    line([scale.at(low), y - 4], [scale.at(low), y + 4], `whisker ${emphasis}`),
    line([scale.at(high), y - 4], [scale.at(high), y + 4], `whisker ${emphasis}`),
    dot(scale.at(mean), y, emphasis, `${name}: ${format(mean)} (${format(low)} to ${format(high)})`),
    label(WIDTH - RIGHT + 8, y, format(mean), { kind: "value" }),
  ]);
}

export interface BarRow {
  readonly name: string;
  readonly emphasis: Emphasis;
  readonly value: number;
}

/** A bar per row from 0; a dashed line at the reference. */
export function barPlot(rows: readonly BarRow[], reference?: number): Drawing {
  const values = rows.map(({ value }) => value);
  const scale = linearScale([0, ...values, ...(reference === undefined ? [] : [reference])], LABELS, WIDTH - RIGHT);
  return rowsWith(rows, scale, reference, ({ value, emphasis }, y) => [
    bar(scale.at(0), y - 7, [scale.at(value) - scale.at(0), 14], emphasis),
    label(WIDTH - RIGHT + 8, y, format(value), { kind: "value" }),
  ]);
}

export interface PairRow {
  readonly name: string;
  readonly emphasis: Emphasis;
  readonly known: number;
  readonly unseen: number;
}

/** Two dots per row: filled for people the model knows, hollow for people it has never seen. */
export function pairPlot(rows: readonly PairRow[]): Drawing {
  const scale = linearScale(
    rows.flatMap(({ known, unseen }) => [known, unseen]),
    LABELS,
    WIDTH - RIGHT,
  );
  return rowsWith(rows, scale, undefined, ({ known, unseen, emphasis, name }, y) => [
    line([scale.at(known), y], [scale.at(unseen), y], `whisker ${emphasis}`),
    dot(scale.at(known), y, emphasis, `${name}, known: ${format(known)}`),
    dot(scale.at(unseen), y, `${emphasis} hollow`, `${name}, never seen: ${format(unseen)}`),
    label(WIDTH - RIGHT + 8, y, format(unseen), { kind: "value" }),
  ]);
}

function rowsWith<Row extends { readonly name: string; readonly emphasis: Emphasis }>(
  rows: readonly Row[],
  scale: Scale,
  reference: number | undefined,
  draw: (row: Row, y: number) => readonly string[],
): Drawing {
  const bottom = TOP + rows.length * ROW;
  const grid = scale.ticks.flatMap(({ value, words }) => [
    line([scale.at(value), TOP], [scale.at(value), bottom], "grid"),
    label(scale.at(value), bottom + 14, words, { anchor: "middle", kind: "tick" }),
  ]);
  const dashed =
    reference === undefined ? [] : [line([scale.at(reference), TOP], [scale.at(reference), bottom], "reference")];
  const drawn = rows.flatMap((row, index) => {
    const y = TOP + (index + 0.5) * ROW;
    return [
      label(LABELS - 12, y, cut(row.name, LONGEST_NAME), { anchor: "end", kind: `name ${row.emphasis}` }),
      ...draw(row, y),
    ];
  });
  return { width: WIDTH, height: bottom + AXIS, shapes: [...grid, ...dashed, ...drawn] };
}

const cut = (name: string, longest: number): string =>
  name.length > longest ? `${name.slice(0, longest - 1)}…` : name;

export interface Series {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

const LINES_HEIGHT = 260;
const LINES_LEFT = 70;
const LEGEND = 250;
const LONGEST_LEGEND = 34;

/** One line per series, its name at its end; names that would meet are moved apart. */
export function linePlot(series: readonly Series[], xName: string): Drawing {
  const points = series.flatMap((one) => one.points);
  const right = WIDTH - LEGEND;
  const bottom = LINES_HEIGHT - 40;
  const xScale = linearScale(
    points.map(({ x }) => x),
    LINES_LEFT,
    right,
  );
  const yScale = linearScale(
    points.map(({ y }) => y),
    bottom,
    TOP + 10,
  );
  const grid = [
    ...yScale.ticks.flatMap(({ value, words }) => [
      line([LINES_LEFT, yScale.at(value)], [right, yScale.at(value)], "grid"),
      label(LINES_LEFT - 8, yScale.at(value), words, { anchor: "end", kind: "tick" }),
    ]),
    ...xScale.ticks.map(({ value, words }) =>
      label(xScale.at(value), bottom + 14, words, { anchor: "middle", kind: "tick" }),
    ),
    label((LINES_LEFT + right) / 2, bottom + 32, xName, { anchor: "middle", kind: "tick" }),
  ];
  const ends = apart(series.map((one) => yScale.at(one.points.at(-1)?.y ?? 0)));
  const drawn = series.flatMap((one, index) => {
    const places = one.points.map(({ x, y }) => `${xScale.at(x).toFixed(1)},${yScale.at(y).toFixed(1)}`);
    const last = one.points.at(-1);
    const kind = `series-${index % 6}`;
    return [
      `<polyline points="${places.join(" ")}" class="curve ${kind}"/>`,
      line([xScale.at(last?.x ?? 0), yScale.at(last?.y ?? 0)], [right + 14, ends[index] ?? 0], "leader"),
      label(right + 18, ends[index] ?? 0, cut(one.name, LONGEST_LEGEND), { kind: `name ${kind}` }),
    ];
  });
  return { width: WIDTH, height: LINES_HEIGHT, shapes: [...grid, ...drawn] };
}

/** Heights at least a line of text apart, in the same order. */
function apart(heights: readonly number[]): readonly number[] {
  const order = [...heights.keys()].toSorted((left, right) => (heights[left] ?? 0) - (heights[right] ?? 0));
  const placed: number[] = [...heights];
  let previous = -Infinity;
  for (const index of order) {
    previous = Math.max(heights[index] ?? 0, previous + 15);
    placed[index] = previous;
  }
  return placed;
}
