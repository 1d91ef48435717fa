/** What an evaluation says: to people as lines, to programs as JSON. */
import { colors } from "../colors.ts";
import { print } from "../output.ts";
import { atEqualTokens, chanceOf, type Needs, needsOf } from "./compare.ts";
import type { Evaluation, Played, Score, Summary } from "./evaluate.ts";

/** What failed, with what was expected and what came. */
export function printFailures(played: readonly Played[]): void {
  for (const { script, runs } of played) {
    const failed = runs.find(({ passed }) => !passed);
    if (failed === undefined) continue;
    const times = runs.length === 1 ? "" : `, ${runs.filter(({ passed }) => !passed).length} of ${runs.length} runs`;
    print(`${colors.red("failed")} ${script.id} ${colors.dim(`(${script.kind}, ${script.where}${times})`)}`);
    for (const [index, { said, failures, came }] of failed.turns.entries()) {
      if (failures.length === 0) continue;
      print(`  turn ${index + 1}: ${said.replaceAll("\n", " / ")}`);
      for (const failure of failures) print(`    ${failure}`);
      if (came !== "") print(colors.dim(`    came: ${came}`));
    }
  }
}

/** The figures by kind and language. */
export function printSummary(summary: Summary): void {
  const { byKind, byLanguage, repeat, turns, tokens, costMicroDollars, latency } = summary;
  const groups = [...Object.entries(byKind), ...Object.entries(byLanguage), ["all", summary] as const];
  const width = Math.max(...groups.map(([name]) => name.length));
  for (const [name, score] of groups) print(`  ${name.padEnd(width)}  ${inWords(score, repeat)}`);
  const used = tokens.input + tokens.output === 0 ? "" : `, ${tokens.input} tokens in, ${tokens.output} out`;
  const cost = costMicroDollars === 0 ? "" : `, $${(costMicroDollars / 1_000_000).toFixed(4)}`;
  print(`  ${turns} turns, p50 ${latency.p50} ms, p95 ${latency.p95} ms${used}${cost}`);
}

function inWords({ passed, always, total }: Score, repeat: number): string {
  const share = `${passed.toFixed(repeat === 1 ? 0 : 1).padStart(4)} of ${String(total).padStart(3)}  ${percent(passed / total)}`;
  return repeat === 1 ? share : `${share}  pass^${repeat} ${percent(always / total)}`;
}

const percent = (share: number): string => `${(100 * share).toFixed(1).padStart(5)} %`;

/** What both need for each conversation, what they pass with the same tokens, and what only one of them passes. */
export function printComparison(first: Evaluation, second: Evaluation): void {
  const needs = first.played.map((one, index) => [needsOf(one), ...second.played.slice(index, index + 1).map(needsOf)]);
  const width = Math.max(...first.played.map(({ script }) => script.id.length), 12);
  print(`${"conversation".padEnd(width)}  ${HEADINGS}  |  ${HEADINGS}`);
  for (const both of needs) print(`${both[0]?.id.padEnd(width)}  ${both.map(needsInWords).join("  |  ")}`);
  for (const { tokens, passed } of atEqualTokens([first, second]))
    print(`with ${tokens} tokens each: ${passed.map((one) => one.toFixed(1).replace(".0", "")).join(" and ")} pass`);
  const always = new Set(second.played.filter(passesAlways).map(({ script }) => script.id));
  const better = second.played.filter((one) => always.has(one.script.id) && !passesIn(first, one));
  const worse = first.played.filter((one) => passesAlways(one) && !always.has(one.script.id));
  print(`only the second passes ${better.length}: ${idsOf(better)}`);
  print(`only the first passes ${worse.length}: ${idsOf(worse)}`);
  if (better.length + worse.length > 0)
    print(`two equal bots differ like this in ${percent(chanceOf(better.length, worse.length)).trim()} of such sets`);
}

const HEADINGS = "passed  tokens     cost     time";

function needsInWords({ passed, tokens, costMicroDollars, milliseconds }: Needs): string {
  return [
    `${Math.round(100 * passed)} %`.padStart(6),
    String(tokens).padStart(6),
    `$${(costMicroDollars / 1_000_000).toFixed(4)}`.padStart(7),
    `${(milliseconds / 1000).toFixed(1)} s`.padStart(7),
  ].join("  ");
}

const passesAlways = ({ runs }: Played): boolean => runs.every(({ passed }) => passed);
const passesIn = ({ played }: Evaluation, { script }: Played): boolean =>
  played.some((one) => one.script.id === script.id && passesAlways(one));
const idsOf = (played: readonly Played[]): string => played.map(({ script }) => script.id).join(", ") || "none";

/** The report for programs. */
export function reportOf(config: string, { bot, played, summary }: Evaluation) {
  return {
    config,
    bot,
    summary,
    conversations: played.map((one) => {
      const { id, kind, language, where } = one.script;
      const { tokens, costMicroDollars, milliseconds } = needsOf(one);
      return { id, kind, language, where, tokens, costMicroDollars, milliseconds, runs: one.runs };
    }),
  };
}
