/** Bar and line charts, drawn as SVG by code from figures, and told in words for people who do not see them. */
import { z } from "zod";

const Label = z.string().max(80);

/** What a program gives to be drawn. */
export const Chart = z
  .object({
    type: z.enum(["bar", "line"]),
    title: z.string().min(1).max(120),
    /** What stands below and beside the axes, such as a month and "EUR". */
    x: Label.optional(),
    y: Label.optional(),
    labels: z.array(z.coerce.string().max(80)).min(1).max(200),
    series: z
      .array(z.object({ name: Label.default(""), values: z.array(z.number().nullable()).min(1).max(200) }))
      .min(1)
      .max(6),
  })
  .refine(({ labels, series }) => series.every(({ values }) => values.length === labels.length), {
    message: "each series needs one value for each label",
  });
export type Chart = z.infer<typeof Chart>;

/** Shown at half of this on a phone: the smallest letters are then 12 px high. */
const WIDTH = 800;
const HEIGHT = 560;
const PLOT = { left: 104, right: 24, top: 104, bottom: 96 } as const;
const SMALL = 24;
const TITLE = 30;
/** Told apart by people who see few colours as well (Okabe and Ito). */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];
const INK = "#1f2328";
const GRID = "#d8dee4";
const FONT = 'font-family="DejaVu Sans"';
/** A letter's width as part of its height, on average. */
const LETTER = 0.6;
const BOLD = 1.18;

/** The chart as SVG. `locale`: how its figures are written. */
export function chartSvg(chart: Chart, locale: string): string {
  const scale = scaleOf(chart);
  const named = chart.series.some(({ name }) => name !== "") && chart.series.length > 1;
  const parts = [
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    titleText(chart.title),
    ...grid(scale, locale),
    ...(chart.type === "bar" ? bars(chart, scale) : lines(chart, scale)),
    ...labelsBelow(chart),
    ...axisNames(chart, named),
    ...(named ? legend(chart) : []),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">${parts.join("")}</svg>`;
}

/** What the picture shows, in one text: its figures as far as they can be listened to. */
export function chartWords({ type, title, x, y, labels, series }: Chart, locale: string): string {
  const format = figures(locale);
  const told = series.map(({ name, values }) => {
    const points = labels.map((label, at) => `${label} ${written(values[at] ?? null, format)}`);
    const shown = points.length <= 12 ? points : [...points.slice(0, 10), "…", ...points.slice(-1)];
    return `${name === "" ? "" : `${name}: `}${shown.join(", ")}`;
  });
  const axes = [x, y].filter((name) => name !== undefined && name !== "").join(" / ");
  return `${type === "bar" ? "Bar chart" : "Line chart"}: ${title}${axes === "" ? "" : ` (${axes})`}. ${told.join("; ")}`;
}

const written = (value: number | null, format: Intl.NumberFormat): string =>
  value === null ? "–" : format.format(value);
const figures = (locale: string): Intl.NumberFormat => new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });

interface Scale {
  readonly ticks: readonly number[];
  readonly low: number;
  readonly high: number;
}

/** Ticks at round figures; bars begin at zero, and so does what comes near it. */
function scaleOf({ type, series }: Chart): Scale {
  const values = series.flatMap((one) => one.values.filter((value) => value !== null));
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const withZero =
    type === "bar" || least > 0 === most > 0 ? type === "bar" || Math.abs(least) < Math.abs(most) / 2 : true;
  const from = withZero ? Math.min(0, least) : least;
  const to = withZero ? Math.max(0, most) : most;
  const step = roundStep((to - from || Math.abs(to) || 1) / 5);
  const [low, high] = [Math.floor(from / step) * step, Math.ceil(to / step) * step || step];
  const count = Math.round((high - low) / step);
  const ticks = Array.from({ length: count + 1 }, (_, at) => Number((low + at * step).toPrecision(12)));
  return { ticks, low, high: low === high ? low + step : high };
}

function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 2.5, 5].find((factor) => factor * power >= rough) ?? 10) * power;
}

const plotWidth = WIDTH - PLOT.left - PLOT.right;
const plotHeight = HEIGHT - PLOT.top - PLOT.bottom;
const heightOf = (value: number, { low, high }: Scale): number =>
  PLOT.top + plotHeight * (1 - (value - low) / (high - low));

function grid(scale: Scale, locale: string): readonly string[] {
  const isLarge = Math.max(Math.abs(scale.low), Math.abs(scale.high)) >= 100_000;
  const notation = isLarge ? "compact" : "standard";
  const format = new Intl.NumberFormat(locale, { notation, maximumFractionDigits: 2, useGrouping: true });
  return scale.ticks.flatMap((tick) => {
    const y = heightOf(tick, scale);
    const line = `<line x1="${PLOT.left}" x2="${WIDTH - PLOT.right}" y1="${y}" y2="${y}" stroke="${tick === 0 ? INK : GRID}" stroke-width="2"/>`;
    return [line, text(format.format(tick), { x: PLOT.left - 12, y: y + 8, size: SMALL, anchor: "end" })];
  });
}

function bars({ labels, series }: Chart, scale: Scale): readonly string[] {
  const room = plotWidth / labels.length;
  const width = (room * 0.76) / series.length;
  return series.flatMap(({ values }, index) =>
    values.flatMap((value, at) => {
      if (value === null) return [];
      const [top, bottom] = [heightOf(Math.max(0, value), scale), heightOf(Math.min(0, value), scale)];
      const x = PLOT.left + at * room + room * 0.12 + index * width;
      return [
        `<rect x="${x}" y="${top}" width="${Math.max(1, width - 2)}" height="${Math.max(1, bottom - top)}" fill="${COLOURS[index]}"/>`,
      ];
    }),
  );
}

function lines({ labels, series }: Chart, scale: Scale): readonly string[] {
  const room = plotWidth / labels.length;
  return series.flatMap(({ values }, index) => {
    const points = values.map((value, at) =>
      value === null ? undefined : { x: PLOT.left + (at + 0.5) * room, y: heightOf(value, scale) },
    );
    const path = points.map((point, at) => {
      if (point === undefined) return "";
      return `${at === 0 || points[at - 1] === undefined ? "M" : "L"}${point.x} ${point.y}`;
    });
    const dots = points.length > 40 ? [] : points.flatMap((point) => (point === undefined ? [] : [point]));
    return [
      `<path d="${path.join("")}" fill="none" stroke="${COLOURS[index]}" stroke-width="5" stroke-linejoin="round"/>`,
      ...dots.map(({ x, y }) => `<circle cx="${x}" cy="${y}" r="7" fill="${COLOURS[index]}"/>`),
    ];
  });
}

/** Every label where there is room, else each second, third, … */
function labelsBelow({ labels }: Chart): readonly string[] {
  const room = plotWidth / labels.length;
  const longest = Math.max(...labels.map((label) => Array.from(label).length));
  const wanted = Math.min(longest, 12) * SMALL * LETTER + 10;
  const every = Math.max(1, Math.ceil(wanted / room));
  return labels.flatMap((label, at) => {
    if (at % every !== 0) return [];
    const shown = fit(label, room * every - 6, SMALL);
    return [
      text(shown, { x: PLOT.left + (at + 0.5) * room, y: HEIGHT - PLOT.bottom + 34, size: SMALL, anchor: "middle" }),
    ];
  });
}

function axisNames({ x, y }: Chart, named: boolean): readonly string[] {
  const below =
    x === undefined
      ? []
      : [
          text(fit(x, plotWidth, SMALL), {
            x: PLOT.left + plotWidth / 2,
            y: HEIGHT - 18,
            size: SMALL,
            anchor: "middle",
          }),
        ];
  // The legend takes the right of that line.
  const beside = y === undefined ? [] : [text(fit(y, named ? 180 : plotWidth, SMALL), { x: 16, y: 76, size: SMALL })];
  return [...below, ...beside];
}

function legend({ series }: Chart): readonly string[] {
  const room = (WIDTH - 216) / series.length;
  return series.flatMap(({ name }, index) => {
    const x = 200 + index * room;
    return [
      `<rect x="${x}" y="58" width="20" height="20" fill="${COLOURS[index]}"/>`,
      text(fit(name, room - 34, SMALL), { x: x + 28, y: 76, size: SMALL }),
    ];
  });
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly anchor?: "middle" | "end";
  readonly weight?: "bold";
}

/** Bold letters are wider; a long title is written smaller before it is cut. */
function titleText(title: string): string {
  const size = Array.from(title).length * TITLE * LETTER * BOLD > WIDTH - 32 ? SMALL : TITLE;
  return text(fit(title, (WIDTH - 32) / BOLD, size), { x: 16, y: 40, size, weight: "bold" });
}

function text(words: string, { x, y, size, anchor, weight }: Place): string {
  const style = `${anchor === undefined ? "" : ` text-anchor="${anchor}"`}${weight === undefined ? "" : ` font-weight="${weight}"`}`;
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${INK}" ${FONT}${style}>${escaped(words)}</text>`;
}

/** As much of a text as has room. */
function fit(words: string, width: number, size: number): string {
  const most = Math.max(1, Math.floor(width / (size * LETTER)));
  const letters = Array.from(words);
  return letters.length <= most ? words : `${letters.slice(0, Math.max(1, most - 1)).join("")}…`;
}

/** For XML, which refuses control characters even where they are escaped. */
function escaped(words: string): string {
  // oxlint-disable-next-line no-control-regex -- exactly these are refused
  const clean = words.toWellFormed().replaceAll(/[\u0000-\u001f\u007f\ufffe\uffff]/gu, " ");
  return clean.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
