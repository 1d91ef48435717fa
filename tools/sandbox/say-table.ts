/** What a person is told of a table where no language model tells it. */
import { z } from "zod";
import type { Json } from "../../core/json.ts";
import type { Hearer } from "../../core/teaching.ts";
import german from "./language/de.json" with { type: "json" };
import english from "./language/en.json" with { type: "json" };

const About = z.object({ table: z.string(), rows: z.number() });
const Grouped = z.object({
  by: z.string(),
  of: z.string().optional(),
  groups: z.array(z.object({ group: z.string(), value: z.number() })),
  more: z.number(),
});
const Column = z.object({
  name: z.string(),
  empty: z.number(),
  sum: z.number().optional(),
  mean: z.number().optional(),
  least: z.number().optional(),
  most: z.number().optional(),
  different: z.number().optional(),
  frequent: z.array(z.object({ value: z.string(), count: z.number() })).optional(),
});
const Summary = z.object({ columns: z.array(Column) });

type Words = (typeof english)["words"];

/** The groups as a table, or each column in a line. */
export function sayTable(value: Json, { language, locale }: Hearer): string {
  const { words } = language === "de" ? german : english;
  const format = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const about = About.safeParse(value).data;
  const heading = about === undefined ? "" : `**${plain(about.table)}**: ${format.format(about.rows)} ${words.rows}`;
  const grouped = Grouped.safeParse(value).data;
  if (grouped !== undefined) return `${heading}\n\n${groupLines(grouped, words, format)}`;
  const columns = Summary.safeParse(value).data?.columns ?? [];
  return [heading, "", ...columns.map((column) => `- ${columnLine(column, words, format)}`)].join("\n");
}

function groupLines(
  { by, of, groups, more }: z.infer<typeof Grouped>,
  words: Words,
  format: Intl.NumberFormat,
): string {
  const lines = groups.map(({ group, value }) => `| ${plain(group)} | ${format.format(value)} |`);
  const rest = more === 0 ? [] : ["", words.more.replace("{count}", format.format(more))];
  return [`| ${plain(by)} | ${plain(of ?? words.count)} |`, "|---|---:|", ...lines, ...rest].join("\n");
}

function columnLine(column: z.infer<typeof Column>, words: Words, format: Intl.NumberFormat): string {
  const { name, empty, frequent = [], ...figures } = column;
  const named = frequent.map(({ value, count }) => `${plain(value)} (${format.format(count)})`).join(", ");
  const template = figures.sum === undefined ? words.text : words.number;
  const facts = Object.entries(figures).reduce(
    (text, [key, value]) => text.replace(`{${key}}`, value === undefined ? "" : format.format(value)),
    template,
  );
  const left = empty === 0 ? "" : `, ${words.empty.replace("{count}", format.format(empty))}`;
  return `**${plain(name)}**: ${facts.replace("{frequent}", () => named)}${left}`;
}

/** Words of a file, in which nothing is markup. */
function plain(text: string): string {
  return text.replaceAll(/\s+/gu, " ").replaceAll(/[\\`*_[\]<>|#!~]/gu, String.raw`\$&`);
}
