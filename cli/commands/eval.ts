import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { z } from "zod";
import { atEqualTokens } from "../evaluation/compare.ts";
import type { Evaluation } from "../evaluation/evaluate.ts";
import { evaluateFolder } from "../evaluation/evaluate-folder.ts";
import { printComparison, printFailures, printSummary, reportOf } from "../evaluation/report.ts";
import { CommonOptions, optionsOf } from "../options.ts";
import { print, printJson } from "../output.ts";
import { progressBar } from "../progress.ts";
import { outliveStrayRejections } from "../runtime/signals.ts";

const Options = CommonOptions.extend({
  bot: z.string().optional(),
  compare: z.string().optional(),
  repeat: z.coerce.number().int().min(1, "at least 1").default(1),
  tokens: z.coerce.number().int().min(1, "at least 1").optional(),
  min: z.coerce.number().min(0).max(100, "a share in percent").default(100),
  only: z.string().optional(),
  now: z.iso.datetime({ offset: true, error: "a time such as 2026-11-21T10:00:00+01:00" }).optional(),
  out: z.string().optional(),
});
type Options = z.output<typeof Options>;

/** `parley eval`: plays conversations with a bot and says what does not hold. */
export function addEvalCommand(command: Command): void {
  command
    .argument("<folder>", "a folder with conversations (*.jsonl), or one such file")
    .option("--bot <id>", "the bot's id; the first one by default")
    .option(
      "--compare <config>",
      "plays them with a second configuration too: what each needs, and passes with equal tokens",
    )
    .option("--repeat <k>", "plays each conversation k times, and gives the share that passes every time (pass^k)")
    .option("--tokens <n>", "so many tokens a conversation may use; with more it has not passed")
    .option("--min <percent>", "the exit code is 1 when a smaller share passes every time", "100")
    .option("--only <names>", "only these ids or kinds, separated by commas")
    .option("--now <time>", "when each conversation begins, such as 2026-11-21T10:00:00+01:00; now by default")
    .option("--out <file>", "writes the report as JSON to a file")
    .option("--json", "prints the report as JSON")
    .action(async (folder: string, _options, parsed: Command) => {
      const options = optionsOf(parsed, Options);
      outliveStrayRejections();
      const configs = [options.config, ...(options.compare === undefined ? [] : [options.compare])];
      const evaluations: Evaluation[] = [];
      for (const config of configs) evaluations.push(await evaluateConfig(config, folder, options));
      const [first, second] = evaluations;
      if (first !== undefined && second !== undefined && !options.json) printComparison(first, second);
      const atTokens = options.compare === undefined ? [] : atEqualTokens(evaluations);
      const reports = evaluations.map((evaluation, index) => ({
        ...reportOf(configs[index] ?? "", evaluation),
        ...(options.compare !== undefined && {
          atEqualTokens: atTokens.map(({ tokens, passed }) => ({ tokens, passed: passed[index] })),
        }),
      }));
      if (options.json) printJson(reports);
      if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(reports, null, 2)}\n`);
      const isEnough = ({ summary: { always, total } }: Evaluation): boolean => 100 * always >= options.min * total;
      if (!evaluations.every(isEnough)) process.exitCode = 1;
    });
}

async function evaluateConfig(config: string, folder: string, options: Options): Promise<Evaluation> {
  const { repeat, only, bot, now, json, compare, tokens } = options;
  const bar = progressBar();
  // The first time after a change of tools or intents it learns them, before anything is played.
  bar.show("the bot starts, and learns what it can be asked", 0, 1);
  const evaluation = await evaluateFolder(folder, {
    config,
    repeat,
    only,
    tokens,
    ...(bot !== undefined && { bot }),
    ...(now !== undefined && { startsAt: Date.parse(now) }),
    onPlayed: ({ script }, { done, total }) => bar.show(script.id, done, total),
  });
  bar.clear();
  if (json) return evaluation;
  if (compare !== undefined) print(config);
  printFailures(evaluation.played);
  printSummary(evaluation.summary);
  return evaluation;
}
