/**
 * The recommender against its goals, one letter per row of docs/benchmarks.md.
 *
 * npm run bench -- recommender [letters, such as bc] [--splits folder]
 */
import { parseArgs } from "node:util";

export interface BenchOptions {
  /**
   * Folder of `name.train.txt`, `name.test.txt` and feature files; these data may not be shipped. Rows a and d take
   * made-up data without it.
   */
  readonly splits: string | undefined;
}

interface Row {
  readonly run: (options: BenchOptions) => Promise<void>;
}

const rows: Readonly<Record<string, () => Promise<Row>>> = {
  a: async () => await import("./quality.ts"),
  b: async () => await import("./selection.ts"),
  c: async () => await import("./small-catalogue.ts"),
  d: async () => await import("./speed.ts"),
  e: async () => await import("./inference.ts"),
  f: async () => await import("./growth.ts"),
};

export async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { splits: { type: "string" } },
    allowPositionals: true,
  });
  const letters = positionals.length === 0 ? Object.keys(rows) : positionals.join("");
  for (const letter of letters) {
    const row = rows[letter];
    if (row === undefined) throw new Error(`There is no row "${letter}"; there are ${Object.keys(rows).join(", ")}.`);
    await (await row()).run({ splits: values.splits });
  }
}
