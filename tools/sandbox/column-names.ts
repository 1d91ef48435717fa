/** What columns are called in another language, and times that a column of dates holds: "je Kategorie", "by month". */
import type { Table } from "./table.ts";
import names from "./language/columns.json" with { type: "json" };

const fold = (text: string): string => text.normalize("NFKC").toLowerCase().trim();

/** The name itself, and what other languages call the same. */
export function namesAlike(name: string): readonly string[] {
  const wanted = fold(name);
  return [name, ...names.columns.filter((alike) => alike.includes(wanted)).flat()];
}

const ISO_DAY = /^\d{4}-\d{2}-\d{2}(?:$|[T ])/u;

/** The table with a column of months or years besides, where it has dates and no such column; undefined for any other name. */
export function withPeriods(name: string, table: Table): Table | undefined {
  const wanted = fold(name);
  const length = names.months.includes(wanted) ? 7 : names.years.includes(wanted) ? 4 : undefined;
  const dates = table.columns.find((column) => isOfDays(table, column));
  if (length === undefined || dates === undefined) return undefined;
  const rows = table.rows.map((row) => {
    const day = row[dates];
    return { ...row, [name]: typeof day === "string" ? day.slice(0, length) : null };
  });
  return { ...table, columns: [...table.columns, name], rows };
}

function isOfDays({ rows }: Table, column: string): boolean {
  const days = rows.map((row) => row[column] ?? null).filter((value) => value !== null);
  return days.length > 0 && days.every((value) => typeof value === "string" && ISO_DAY.test(value));
}
