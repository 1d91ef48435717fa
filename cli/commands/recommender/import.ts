import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { Command } from "commander";
import { colors } from "../../colors.ts";
import { z } from "zod";
import { type Interaction, InteractionDraft } from "../../../core/store/interactions/index.ts";
import { givenFile } from "../../given-file.ts";
import { optionsOf } from "../../options.ts";
import { print, printJson } from "../../output.ts";
import { progressBar } from "../../progress.ts";
import { withRecommender } from "../../runtime/open-recommender.ts";
import { BOT, JSON_OUTPUT, RecommenderOptions } from "./options.ts";

interface Imported {
  lines: number;
  added: number;
  known: number;
  faults: number;
  /** The first few, for people. */
  readonly examples: string[];
}

const BATCH = 1_000;
const MOST_EXAMPLES = 10;

/** `import`: interactions from elsewhere, one JSON object a line. */
export function addImport(group: Command): void {
  group
    .command("import")
    .description("imports interactions from a file with one JSON object per line; importing it again adds nothing")
    .argument(
      "<file>",
      "each line as the batch endpoint takes them: id, userId, sessionId, type, timestamp, productIds …",
    )
    .requiredOption("--source <name>", "who reports them; the same source and id count once")
    .option(...BOT)
    .option(...JSON_OUTPUT)
    .action(async (file: string, _options, command: Command) => {
      const Source = z.string().regex(/^(?!chat).{1,100}$/u, 'a name that does not begin with "chat"');
      const options = optionsOf(command, RecommenderOptions.extend({ source: Source }));
      const path = givenFile(file);
      await withRecommender(options, async ({ store }) => {
        const imported = await importFile(path, options.source, store.add);
        if (options.json) printJson(imported);
        else printImported(imported);
        if (imported.faults > 0) process.exitCode = 1;
      });
    });
}

async function importFile(
  file: string,
  source: string,
  add: (interactions: readonly Interaction[]) => Promise<number>,
): Promise<Imported> {
  const imported: Imported = { lines: 0, added: 0, known: 0, faults: 0, examples: [] };
  const { size } = await stat(file);
  const bar = progressBar();
  const stream = createReadStream(file, "utf8");
  let batch: Interaction[] = [];
  const flush = async (): Promise<void> => {
    const added = await add(batch);
    imported.added += added;
    imported.known += batch.length - added;
    batch = [];
    bar.show("importing", stream.bytesRead, size);
  };
  try {
    for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
      imported.lines += 1;
      // Editors on Windows begin a file with a byte order mark.
      const interaction = readLine(line.replace(/^\uFEFF/u, ""), source, imported);
      if (interaction !== undefined) batch.push(interaction);
      if (batch.length >= BATCH) await flush();
    }
    await flush();
  } finally {
    bar.clear();
  }
  return imported;
}

function readLine(line: string, source: string, imported: Imported): Interaction | undefined {
  if (line.trim() === "") return undefined;
  const parsed = InteractionDraft.safeParse(json(line));
  if (parsed.success) return { ...parsed.data, source, receivedAt: new Date().toISOString() };
  imported.faults += 1;
  if (imported.examples.length >= MOST_EXAMPLES) return undefined;
  const [issue] = parsed.error.issues;
  const fault = [issue?.path.join(".") ?? "", issue?.message ?? "does not fit"].filter((part) => part !== "").join(" ");
  imported.examples.push(`line ${imported.lines}: ${json(line) === undefined ? "no JSON" : fault}`);
  return undefined;
}

/** What the line holds; undefined when it is no JSON. */
function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function printImported({ lines, added, known, faults, examples }: Imported): void {
  print(
    `${lines} lines: ${colors.green(`${added} added`)}, ${known} known already, ${faults > 0 ? colors.red(`${faults} faulty`) : "none faulty"}.`,
  );
  for (const example of examples) print(`  ${example}`);
  if (faults > examples.length) print(`  … and ${faults - examples.length} more`);
}
