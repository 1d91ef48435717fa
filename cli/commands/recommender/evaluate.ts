import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import { colors } from "../../colors.ts";
import { z } from "zod";
import type { SelectionReport } from "parleyjs-recommender";
import { optionsOf } from "../../options.ts";
import { print, printJson } from "../../output.ts";
import { progressBar } from "../../progress.ts";
import { withRecommender } from "../../runtime/open-recommender.ts";
import { BOT, JSON_OUTPUT, RecommenderOptions } from "./options.ts";

/** `evaluate`: how good each candidate is on what people did last. Nothing is put in place. */
export function addEvaluate(group: Command): void {
  group
    .command("evaluate")
    .description("measures every candidate model on people's latest interactions; changes nothing")
    .option(...BOT)
    .option("--report <file>", "writes the report with plots as one HTML page")
    .option(...JSON_OUTPUT)
    .action(async (_options, command: Command) => {
      const options = optionsOf(command, RecommenderOptions.extend({ report: z.string().min(1).optional() }));
      await withRecommender(options, async ({ bot, readData }) => {
        const { chooseModel } = await import("../../../tools/recommend/lifecycle/choose-model.ts");
        const bar = progressBar();
        const data = await readData();
        const { report } = await chooseModel(data, {
          onProgress: ({ done, total }) => bar.show("measuring", done, total),
        }).finally(bar.clear);
        if (options.report !== undefined) {
          const date = new Date().toISOString().slice(0, 10);
          const { renderReport } = await import("parleyjs-recommender");
          const page = renderReport(report, { title: `Recommender of ${bot}`, date, segmentNames: data.segmentNames });
          await writeFile(options.report, page);
        }
        if (options.json) return printJson(plain(report));
        printTable(report);
        if (options.report !== undefined) print(`\nThe report is in ${colors.cyan(resolve(options.report))}.`);
        return undefined;
      });
    });
}

function printTable({ candidates, objective, why, warnings }: SelectionReport): void {
  const metrics = [...new Set([...objective, "auc", "mrr"] as const)];
  const width = Math.max(...candidates.map(({ name }) => name.length)) + 2;
  print(colors.bold(`${"".padEnd(width)}${metrics.map((name) => name.padStart(24)).join("")}`));
  for (const { name, known, verdict } of candidates) {
    const cells = metrics.map((metric) => {
      const found = known?.metrics.get(metric);
      const { mean, low, high } = found ?? { mean: Number.NaN, low: Number.NaN, high: Number.NaN };
      return (found === undefined ? "–" : `${figure(mean)} (${figure(low)}–${figure(high)})`).padStart(24);
    });
    const line = `${name.padEnd(width)}${cells.join("")}  ${verdict === "outdone" ? "" : verdict}`;
    print(verdict === "chosen" ? colors.green(line) : line);
  }
  print();
  for (const sentence of why) print(sentence);
  for (const warning of warnings) print(colors.yellow(warning));
}

function figure(value: number): string {
  return Number.isFinite(value) ? value.toFixed(3) : "–";
}

function plain({ candidates, ...report }: SelectionReport) {
  return {
    ...report,
    candidates: candidates.map(({ name, verdict, reason, seconds, known, unseen }) => ({
      name,
      verdict,
      reason,
      seconds,
      known: known === undefined ? null : Object.fromEntries(known.metrics),
      unseen: unseen === undefined ? null : Object.fromEntries(unseen.metrics),
    })),
  };
}
