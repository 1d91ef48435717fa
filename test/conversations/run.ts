/**
 * `npm run eval -- <set> [--file name] [--only ids or kinds] [--k 3] [--jsonl FILE] [--misses] [--fit] [--locked]`: the repository's own sets.
 *
 * - `offline`: the conversations of this folder against the sample bot with the embedded brain; `--file second-round` takes
 *   one file of them;
 * - `routes`: the utterances, each by itself;
 * - `answers`: questions to the sample bank's documents (`test/answers`), with `--misses` each one that failed; `--fit`
 *   prints the weights of what is told, as the open half has them;
 * - the name of an example: its conversations (`examples/<name>/conversations`) with its own configuration.
 *
 * `--locked` plays the half that nobody looks at, and prints figures alone.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { crew } from "../../agents/index.ts";
import { chosen } from "../../cli/evaluation/chosen.ts";
import { readConversations } from "../../cli/evaluation/conversation-file.ts";
import { evaluate, type Played } from "../../cli/evaluation/evaluate.ts";
import { readLines } from "../../cli/evaluation/lines.ts";
import type { Script } from "../../cli/evaluation/play.ts";
import { printFailures, printSummary } from "../../cli/evaluation/report.ts";
import { type LoadedConfig, validateConfig } from "../../core/config/index.ts";
import { packageDirectory } from "../../core/package-directory.ts";
import { askAll } from "../answers/ask.ts";
import { readCases } from "../answers/cases.ts";
import { examplesOf } from "../answers/examples.ts";
import { fit } from "../answers/fit.ts";
import { figuresOf, missesOf } from "../answers/report.ts";
import { Conversation, Utterance } from "./format.ts";
import { confusionOf, routeScripts } from "./routes.ts";
import { scriptOf } from "./script.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    file: { type: "string" },
    only: { type: "string" },
    k: { type: "string", default: "1" },
    jsonl: { type: "string" },
    misses: { type: "boolean", default: false },
    fit: { type: "boolean", default: false },
    locked: { type: "boolean", default: false },
  },
});
const Exported = z.object({ default: z.unknown() });
const [set = "offline"] = positionals;
/** Saturday, ten o'clock in Berlin: the day for which the conversations were written. */
const STARTS_AT = Date.parse("2026-11-21T10:00:00+01:00");
const half = join(import.meta.dirname, values.locked ? "locked" : "open");
const utterancesFile = join(half, "utterances.jsonl");
const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** A configuration as its source is now: `loadConfig` would take what the last build made of this package. */
async function configOf(folder: string): Promise<LoadedConfig> {
  const file = join(folder, "bots.config.ts");
  const { default: exported } = Exported.parse(await import(pathToFileURL(file).href));
  const sources = { environment: {}, readFile: (path: string) => readFileSync(resolve(folder, path), "utf8") };
  return { config: validateConfig(exported, basename(file), sources, folder), file, directory: folder };
}

/** The bots with the embedded brain: no figure depends on a key. */
async function offline(folder: string): Promise<LoadedConfig> {
  const loaded = await configOf(folder);
  const bots = Object.entries(loaded.config.bots).map(([id, bot]) => {
    const { name } = bot.crew;
    return [id, name === "crew" ? { ...bot, crew: crew({ model: "offline" }) } : bot];
  });
  return { ...loaded, config: { ...loaded.config, bots: Object.fromEntries(bots) } };
}

function bankConversations(): readonly Script[] {
  return readdirSync(half)
    .filter((name) => name.endsWith(".jsonl") && name !== "utterances.jsonl")
    .filter((name) => values.file === undefined || name === `${values.file}.jsonl`)
    .flatMap((name) => readLines(Conversation, join(half, name)))
    .map(({ where, row }) => scriptOf(row, where));
}

async function playAll(loaded: LoadedConfig, all: readonly Script[], bot?: string) {
  const scripts = chosen(all, values.only);
  const started = process.cpuUsage();
  const evaluation = await evaluate(loaded, scripts, {
    startsAt: STARTS_AT,
    repeat: Number(values.k),
    ...(bot !== undefined && { bot }),
  });
  const { user, system } = process.cpuUsage(started);
  if (!values.locked) {
    printFailures(evaluation.played);
    if (values.jsonl !== undefined) writeFileSync(values.jsonl, linesOf(evaluation.played));
  }
  printSummary(evaluation.summary);
  print(`  ${((user + system) / 1e6).toFixed(0)} s of CPU`);
}

function linesOf(played: readonly Played[]): string {
  return played
    .map(({ script: { id, kind, language }, runs }) => `${JSON.stringify({ id, kind, language, runs })}\n`)
    .join("");
}

/** The half that nobody looks at shows figures alone. */
async function playAnswers(): Promise<void> {
  const all = readCases(values.locked ? "locked" : "open");
  const judged = await askAll(await offline(packageDirectory()), chosen(all, values.only), { startsAt: STARTS_AT });
  if (!values.locked) {
    if (values.misses) for (const line of missesOf(judged)) print(line);
    if (values.jsonl !== undefined)
      writeFileSync(values.jsonl, judged.map((one) => `${JSON.stringify(one)}\n`).join(""));
  }
  for (const line of figuresOf(judged)) print(line);
}

if (set === "answers" && values.fit) for (const line of fit(await examplesOf(readCases("open")))) print(line);
else if (set === "answers") await playAnswers();
else if (set === "offline") await playAll(await offline(packageDirectory()), bankConversations());
else if (set === "routes") {
  const { scripts, readings } = routeScripts(readLines(Utterance, utterancesFile));
  await playAll(await offline(packageDirectory()), scripts);
  const { pairs, changing } = confusionOf(readings);
  print(`  state changes that nobody asked for: ${changing.length}`);
  if (!values.locked) {
    for (const { utterance, route } of changing) print(`    ${utterance.id} ${route}: ${utterance.text}`);
    print("  confused:");
    for (const [pair, count] of pairs) print(`    ${String(count).padStart(3)}  ${pair}`);
  }
} else {
  const folder = ["", "-bot"].map((end) => join(packageDirectory(), "examples", `${set}${end}`)).find(existsSync);
  const conversations = folder && join(folder, values.locked ? "conversations-locked" : "conversations");
  if (folder === undefined || conversations === undefined || !existsSync(conversations)) {
    process.stderr.write(
      `There is no set "${set}". There is: offline, routes, answers, and each example with conversations.\n`,
    );
    process.exitCode = 2;
  } else {
    const loaded = await offline(folder);
    const locale = Object.values(loaded.config.bots)[0]?.locale ?? "en";
    await playAll(loaded, readConversations(conversations, locale));
  }
}
