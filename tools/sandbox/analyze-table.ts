import { z } from "zod";
import { defineTool } from "../../core/define-tool.ts";
import { ParleyError } from "../../core/errors.ts";
import type { Json } from "../../core/json.ts";
import type { Tool, ToolContext, ToolResult } from "../../core/tool.ts";
import { cutText } from "../../core/text/cut.ts";
import { namesAlike, withPeriods } from "./column-names.ts";
import { Chart, chartWords } from "./chart.ts";
import { drawChart, missingForCharts } from "./draw-chart.ts";
import german from "./language/de.json" with { type: "json" };
import english from "./language/en.json" with { type: "json" };
import { MOST_CODE, WHAT_PROGRAMS_ARE, writtenResult } from "./run-javascript.ts";
import { type ProgramLimits, runProgram } from "./run-program.ts";
import { sayTable } from "./say-table.ts";
import { columnCalled, columnSummaries, groupChart, groupTable } from "./summary.ts";
import { readTable, type Table, tableOfData } from "./table.ts";

const Input = z.strictObject({
  /** Name of the file. @default the newest that is a table */
  file: z.string().max(256).optional(),
  /** Instead of a file: the tool of this turn whose result is the table. */
  tool: z.string().max(64).optional(),
  program: z.string().min(1).max(MOST_CODE).optional(),
  values: z.string().max(100).optional(),
  by: z.string().max(100).optional(),
});
type Input = z.output<typeof Input>;

const MOST_ALT = 1_000;

/** The tool for questions about the person's own data. */
export function analyzeTable(limits: ProgramLimits): Tool {
  return defineTool({
    name: "analyze_table",
    description: [
      "Answers questions about a table: a CSV, TSV or JSON file that the person sent (`file`; left out: the newest), or what another tool gave in this turn (`tool`: its name).",
      "Without `program` it says what the columns hold; with `by` it sums the column `values` (left out: counts rows) by the values of the column `by`.",
      `For anything else write a \`program\`, which finds \`input\`: { columns: [name], rows: [{ name: value }] }. ${WHAT_PROGRAMS_ARE} Calculate every figure in it; never calculate in your head.`,
      'For a picture let its result be an object with `chart`: { type: "bar" | "line", title, x, y, labels: [text], series: [{ name, values: [number or null] }] }.',
    ].join(" "),
    input: Input,
    purpose: "tables",
    risk: "low",
    confirmation: "never",
    scopes: ["public"],
    depends: "user",
    slots: { values: { entity: "text" }, by: { entity: "text" } },
    language: { en: english.analyze_table, de: german.analyze_table },
    say: sayTable,
    execute: async (input, context) => {
      const { name, table } = await findTable(input, context);
      const about = { table: name, rows: table.rows.length, ...(table.cut && { note: "Further rows were left out." }) };
      if (input.program !== undefined) return await byProgram({ table, about, code: input.program }, limits, context);
      if (input.by !== undefined) return await byGroup({ table, about }, input, context);
      return { value: { ...about, columns: [...columnSummaries(table)] } };
    },
  });
}

interface Question {
  readonly table: Table;
  /** What is told of the table in each case. */
  readonly about: Readonly<Record<string, Json>>;
}

async function byProgram(
  { table, about, code }: Question & { readonly code: string },
  limits: ProgramLimits,
  context: ToolContext,
): Promise<ToolResult> {
  const input = { columns: table.columns, rows: table.rows };
  const ran = await runProgram({ code, input, signal: context.signal }, limits);
  const value = { ...about, ...writtenResult(ran, limits) };
  if (ran.status !== "done" || !isObject(ran.value) || ran.value["chart"] === undefined) return { value };
  const { chart, ...figures } = ran.value;
  const read = Chart.safeParse(chart);
  if (!read.success) return { value: { ...value, chartError: z.prettifyError(read.error) } };
  return await withPicture({ ...value, result: figures }, read.data, context);
}

const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

async function byGroup(
  { table, about }: Question,
  { by = "", values }: Pick<Input, "by" | "values">,
  context: ToolContext,
): Promise<ToolResult> {
  const column = columnNamed(by, table);
  const timed = column === undefined ? (withPeriods(by, table) ?? table) : table;
  const groups = groupTable(timed, columnOf(by, timed), values === undefined ? undefined : columnOf(values, table));
  const value = { ...about, ...groups, groups: [...groups.groups] };
  return groups.groups.length < 2 ? { value } : await withPicture(value, groupChart(groups), context);
}

/** In the words of the table or, as people ask in their own language, in those of another. */
function columnNamed(name: string, table: Table): string | undefined {
  return namesAlike(name)
    .map((one) => columnCalled(one, table))
    .find((column) => column !== undefined);
}

function columnOf(name: string, table: Table): string {
  const column = columnNamed(name, table);
  if (column !== undefined) return column;
  const message = `The table has no column "${name}". It has: ${table.columns.join(", ")}.`;
  throw new ParleyError("sandbox/no-column", message, { status: 404 });
}

/** The answer with the chart as a file, and what the chart shows in words. Where no picture can be drawn, the words do. */
async function withPicture(
  value: { readonly [key: string]: Json },
  chart: Chart,
  { keepFile, locale, signal }: ToolContext,
): Promise<ToolResult> {
  const words = chartWords(chart, locale);
  if (keepFile === undefined || missingForCharts() !== undefined) return { value: { ...value, chart: words } };
  const png = await drawChart(chart, locale, signal);
  const file = await keepFile(png, { name: "chart.png", mediaType: "image/png", alt: cutText(words, MOST_ALT, "…") });
  return { value: { ...value, chart: words, chartIsShown: true }, files: [file] };
}

/** The table that is asked about, and what it is called. */
async function findTable(
  { file, tool }: Pick<Input, "file" | "tool">,
  context: ToolContext,
): Promise<{ readonly name: string; readonly table: Table }> {
  if (tool !== undefined) {
    const result = context.results?.().findLast((one) => one.tool === tool);
    const table = result === undefined ? undefined : tableOfData(result.value);
    if (table !== undefined) return { name: tool, table };
    throw noTable(`The tool ${tool} gave no table in this turn.`);
  }
  const files = (await context.files?.()) ?? [];
  for (const one of files.toReversed()) {
    if (file !== undefined && one.name !== file) continue;
    const table = readTable((await one.read()) ?? "");
    if (table !== undefined) return { name: one.name, table };
  }
  throw noTable(
    "There is no table here. Send it as a CSV, TSV or JSON file of at most 1 MB, with the names of the columns first.",
  );
}

function noTable(message: string): ParleyError {
  return new ParleyError("sandbox/no-table", message, { status: 404 });
}
