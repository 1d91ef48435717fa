/** The report of a selection as one HTML page: no script, no request, fit to be mailed or kept. */
import { z } from "zod";
import { parseOptions } from "../checks.ts";
import type { MetricName } from "../evaluation/evaluate.ts";
import type { CandidateResult, SelectionReport } from "../selector/selection.ts";
import { escape, figure, format, table } from "./markup.ts";
import { barPlot, type Emphasis, intervalPlot, linePlot, pairPlot, type Series } from "./plots.ts";
import { STYLE } from "./style.ts";

export interface ReportOptions {
  /** @default "Recommender" */
  readonly title?: string | undefined;
  /** When it was made, as it is to be shown. */
  readonly date?: string | undefined;
  /** Names of the segments of the evaluation, by number. */
  readonly segmentNames?: readonly string[] | undefined;
}

interface Measured extends CandidateResult {
  readonly known: NonNullable<CandidateResult["known"]>;
}

/** The whole page. */
export function renderReport(report: SelectionReport, options: ReportOptions = {}): string {
  parseOptions(Reported, report, "the report: it comes from selectModel");
  const { title = "Recommender", date, segmentNames = [] } = parseOptions(Options, options, "the report");
  const measured = report.candidates.filter((one): one is Measured => one.known !== undefined);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title><style>${STYLE}</style></head><body>
<h1>${escape(title)}</h1>
<p class="soft">${escape([dataInWords(report), date].filter((words) => words !== undefined).join(" · "))}</p>
<section class="card"><h2 style="margin-top:0">Served: ${escape(report.chosen.name)}</h2>
<ul>${report.why.map((sentence) => `<li>${escape(sentence)}</li>`).join("")}</ul></section>
${report.warnings.map((warning) => `<section class="card warning">${escape(warning)}</section>`).join("\n")}
<h2>Quality</h2>
${metricPlots(measured, report).join("\n")}
${metricTable(measured)}
${segmentTable(measured, segmentNames)}
${learningCurves(measured)}
<h2>What the lists show</h2>
${catalogueSection(measured)}
${coldStart(measured)}
${failures(report.candidates)}
</body></html>
`;
}

const texts = z.array(z.string());
/** Figures of a metric may be NaN, where nothing could be measured. */
const figures = z.number().or(z.nan());
const Evaluated = z.looseObject({
  metrics: z.map(z.string(), z.looseObject({ mean: figures, low: figures, high: figures })),
  segments: z.array(
    z.looseObject({ segment: z.number(), metrics: z.map(z.string(), z.looseObject({ mean: figures })) }),
  ),
});
const Reported = z.looseObject({
  data: z.looseObject({
    users: z.number(),
    items: z.number(),
    interactions: z.number(),
    userFeatures: z.number(),
    itemFeatures: z.number(),
  }),
  objective: texts,
  why: texts,
  warnings: texts,
  chosen: z.looseObject({ name: z.string() }),
  candidates: z.array(
    z.looseObject({
      name: z.string(),
      verdict: z.string(),
      reason: z.string(),
      seconds: figures,
      losses: z.array(z.number()),
      known: Evaluated.optional(),
      unseen: Evaluated.optional(),
    }),
  ),
});
const Options = z.strictObject({
  title: z.string().optional(),
  date: z.string().optional(),
  segmentNames: texts.optional(),
});

const emphasisOf = ({ verdict }: CandidateResult): Emphasis => {
  if (verdict === "chosen") return "chosen";
  return verdict === "below-popularity" ? "refused" : "plain";
};

function dataInWords({ data }: SelectionReport): string {
  const number = (value: number): string => value.toLocaleString("en");
  return (
    `${number(data.interactions)} interactions of ${number(data.users)} users with ${number(data.items)} items; ` +
    `${number(data.userFeatures)} user and ${number(data.itemFeatures)} item features`
  );
}

const isPopularity = ({ name }: CandidateResult): boolean => name === "popularity";

function metricPlots(measured: readonly Measured[], { objective }: SelectionReport): readonly string[] {
  const shown = [...new Set<MetricName>([...objective, "auc", "mrr"])];
  return shown.map((metric) => {
    const rows = measured.map((one) => ({
      name: one.name,
      emphasis: emphasisOf(one),
      ...(one.known.metrics.get(metric) ?? { mean: Number.NaN, low: Number.NaN, high: Number.NaN }),
    }));
    const reference = measured.find(isPopularity)?.known.metrics.get(metric)?.mean;
    return figure(
      metricInWords(metric),
      "Mean over the users held out, with its confidence interval. The dashed line is popularity.",
      intervalPlot(rows, reference),
    );
  });
}

const words: Readonly<Record<string, string>> = {
  auc: "AUC",
  mrr: "MRR",
  ndcg: "nDCG",
  map: "MAP",
  precision: "Precision",
  recall: "Recall",
  "hit-rate": "Hit rate",
};

function metricInWords(metric: MetricName): string {
  const [name = "", cutoff] = metric.split("@");
  return cutoff === undefined ? (words[name] ?? name) : `${words[name] ?? name} at ${cutoff}`;
}

function metricTable(measured: readonly Measured[]): string {
  const names = measured[0]?.known.perUser.names ?? [];
  return table(
    ["Model", ...names.map(metricInWords), "Training, s", "Verdict"],
    measured.map((one) => ({
      marked: one.verdict === "chosen",
      cells: [
        one.name,
        ...names.map((name) => format(one.known.metrics.get(name)?.mean)),
        one.seconds.toFixed(2),
        one.reason,
      ],
    })),
  );
}

function segmentTable([best]: readonly Measured[], names: readonly string[]): string {
  if (best === undefined || best.known.segments.length === 0) return "";
  const metrics = best.known.perUser.names;
  const rows = best.known.segments.map(({ segment, userCount, metrics: estimates }) => ({
    marked: false,
    cells: [
      names[segment] ?? `Segment ${segment}`,
      String(userCount),
      ...metrics.map((name) => format(estimates.get(name)?.mean)),
    ],
  }));
  return `<h3>${escape(best.name)}, by segment</h3>${table(["Segment", "Users", ...metrics.map(metricInWords)], rows)}`;
}

function learningCurves(measured: readonly Measured[]): string {
  const series = measured
    .filter(({ losses }) => losses.length > 1)
    .map(({ name, losses }): Series => ({ name, points: losses.map((loss, index) => ({ x: index + 1, y: loss })) }));
  if (series.length === 0) return "";
  const caption = "Mean loss after each epoch. A curve that still falls at its end asks for more epochs.";
  return `<h2>Training</h2>${figure("Learning curves", caption, linePlot(series, "epoch"))}`;
}

function catalogueSection(measured: readonly Measured[]): string {
  const rows = (valueOf: (one: Measured) => number) =>
    measured.map((one) => ({ name: one.name, emphasis: emphasisOf(one), value: valueOf(one) }));
  return [
    figure(
      "Coverage",
      "Share of the catalogue that is in the list of at least one user.",
      barPlot(rows(({ known }) => known.catalogue.coverage)),
    ),
    figure(
      "Popularity bias",
      "Popularity of what is shown over that of what the same users took before. 1, dashed, is faithful; more is more mainstream.",
      barPlot(
        rows(({ known }) => known.catalogue.popularityLift),
        1,
      ),
    ),
    figure(
      "Novelty",
      "Mean surprise of a shown item, in bits: 1 when every second user had it, 10 when one in a thousand.",
      barPlot(rows(({ known }) => known.catalogue.novelty)),
    ),
  ].join("\n");
}

function coldStart(measured: readonly Measured[]): string {
  const rows = measured.flatMap((one) =>
    one.unseen === undefined
      ? []
      : [
          {
            name: one.name,
            emphasis: emphasisOf(one),
            known: one.known.metrics.get("auc")?.mean ?? Number.NaN,
            unseen: one.unseen.metrics.get("auc")?.mean ?? Number.NaN,
          },
        ],
  );
  if (rows.length === 0) return "";
  const caption =
    "AUC for users the model was trained on (filled) and for users it has never seen, by features alone (hollow).";
  return `<h2>Cold start</h2>${figure("Known and new users", caption, pairPlot(rows))}`;
}

function failures(candidates: readonly CandidateResult[]): string {
  const failed = candidates.filter(({ verdict }) => verdict === "failed");
  if (failed.length === 0) return "";
  const items = failed.map(({ name, reason }) => `<li>${escape(name)}: ${escape(reason)}</li>`);
  return `<h2>Could not be trained</h2><ul>${items.join("")}</ul>`;
}
