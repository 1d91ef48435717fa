/** The tables of cases: what was said, and what is right. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const Row = z.looseObject({
  id: z.string(),
  text: z.string(),
  lang: z.enum(["en", "de"]),
  kind: z.string(),
  /** Whether it is said so plainly that it must go through without a question. */
  plain: z.boolean(),
});

const Transfer = z.looseObject({
  minor: z.int().nullish(),
  to: z.string().nullish(),
  from: z.string().nullish(),
});
export type Transfer = z.infer<typeof Transfer>;

const Order = Row.extend({
  expect: Transfer.extend({
    outcome: z.enum(["proposal", "no-proposal", "proposal-or-ask"]),
    /** Where several are ordered: each becomes a proposal of its own, in this order. */
    orders: z.array(Transfer).optional(),
  }),
});
export type Order = z.infer<typeof Order>;

const Days = z.looseObject({ from: z.string().nullish(), to: z.string().nullish() });
const Period = Row.extend({
  now: z.string(),
  timeZone: z.string(),
  expect: Days.extend({ outcome: z.enum(["period", "ask", "period-or-ask"]), alsoOk: z.array(Days).nullish() }),
  alsoOk: z.array(Days).nullish(),
});
export type Period = z.infer<typeof Period>;

const Words = z.looseObject({
  id: z.string(),
  text: z.string(),
  expect: z.string(),
  alsoOk: z.array(z.string()).default([]),
});
export type Words = z.infer<typeof Words>;

function rowsOf<Schema extends z.ZodType>(path: string, schema: Schema): readonly z.output<Schema>[] {
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.filter((line) => line.trim() !== "").map((line) => schema.parse(JSON.parse(line)));
}

/** The tables of a folder: `orders*.jsonl`, `periods*.jsonl`, `desk*.jsonl`, `explicit*.jsonl`. */
export function readTables(folder: string, files: readonly string[]) {
  const named = (name: string): readonly string[] =>
    files.filter((file) => file.startsWith(name) && file.endsWith(".jsonl"));
  return {
    orders: named("orders").flatMap((file) => rowsOf(join(folder, file), Order)),
    periods: named("periods").flatMap((file) => rowsOf(join(folder, file), Period)),
    desk: named("desk").flatMap((file) => rowsOf(join(folder, file), Words)),
    explicit: named("explicit").flatMap((file) => rowsOf(join(folder, file), Words)),
  };
}

/** Every period that counts as right. */
export function rightPeriods({ expect, alsoOk }: Period): readonly z.infer<typeof Days>[] {
  return [expect, ...(expect.alsoOk ?? []), ...(alsoOk ?? [])];
}
