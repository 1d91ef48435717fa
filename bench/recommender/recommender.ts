/**
 * The recommender against its goals, one letter per row of docs/benchmarks.md.
 *
 * npm run bench -- recommender [letters, such as bc] [--splits folder]
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { BenchOptions } from "./splits.ts";

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

/** Rows that measure real data only, and the files they need; the others make data up where there are none. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  b: ["ml100k-all", "ml100k-ge4"],
  c: ["zimnat", "zimnat-cold"],
};

const HELP = `npm run bench -- recommender [letters] [--splits folder]

  a  the factorization against LightFM's figures          made-up data without --splits
  b  what the selector chooses                            needs ml100k-all and ml100k-ge4
  c  a bank's catalogue of 21 products                    needs zimnat and zimnat-cold
  d  training speed, WebAssembly against JavaScript       made-up data without --splits
  e  answers a second                                     made-up vectors
  f  time and memory as the data grow                     made-up data

--splits is a folder of name.train.txt and name.test.txt (a line is "user item rating", counted from 0) and of feature files
(ml100k.item_features.txt, zimnat.user_features.txt: "row feature feature …"). Their licences allow no shipping, so they are
made once from where they are published:

  MovieLens 100k   https://grouplens.org/datasets/movielens/100k/ : u.data split 80/20 at random (seed 42), all ratings
                   (ml100k-all) and those of 4 and 5 (ml100k-ge4); the genres of u.item are the item features
  Zimnat           https://zindi.africa/competitions/zimnat-insurance-recommendation-challenge : Train.csv with one product
                   of each client held out (zimnat), and with a fifth of the clients held out (zimnat-cold)`;

export async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { splits: { type: "string" }, help: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  if (values.help) return console.log(HELP);
  const letters = positionals.length === 0 ? Object.keys(rows) : positionals.join("");
  for (const letter of letters) {
    const row = rows[letter];
    if (row === undefined) {
      console.error(`There is no row "${letter}"; there are ${Object.keys(rows).join(", ")}. More: --help`);
      process.exitCode = 2;
      continue;
    }
    const missing = missingSplits(values.splits, NEEDED[letter] ?? []);
    if (missing.length > 0)
      console.log(`${letter}  skipped: it needs ${missing.join(" and ")}. Where they come from: --help`);
    else await (await row()).run({ splits: values.splits });
  }
  return undefined;
}

const missingSplits = (folder: string | undefined, names: readonly string[]): readonly string[] =>
  names.filter((name) => folder === undefined || !existsSync(join(folder, `${name}.train.txt`)));
