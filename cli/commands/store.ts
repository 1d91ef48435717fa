import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import { leftBehind } from "../../core/broker/embedded/left-behind.ts";
import { type LoadedConfig, loadConfig, readDotEnv } from "../../core/config/index.ts";
import { ParleyError } from "../../core/errors.ts";
import { copyFiles, type CopiedFiles } from "../../core/files/copy-files.ts";
import { directoryFiles } from "../../core/files/directory-files.ts";
import { type CopiedCount, copyStore } from "../../core/store/copy/copy.ts";
import { type Databases, postgresDatabases, sqliteDatabases } from "../../core/store/databases.ts";
import { postgresAddressFault } from "../../core/store/postgres/place.ts";
import { colors } from "../colors.ts";
import { CommonOptions, optionsOf } from "../options.ts";
import { print, printJson } from "../output.ts";
import { dataDirectoryOf } from "../runtime/data-directory.ts";
import { keptFiles, keptTables } from "../runtime/kept.ts";
import { openDatabases } from "../runtime/open-databases.ts";
import { openFiles } from "../runtime/open-files.ts";
import { openNetwork } from "../runtime/open-network.ts";
import { openProcessRecords } from "../runtime/process-record.ts";

const CopyCommand = CommonOptions.extend({ to: z.string().min(1).optional(), from: z.string().min(1).optional() });

/** `parley store copy`: from the files of one machine to a PostgreSQL, and to the bucket of the configuration, for several. */
export function addStoreCommand(store: Command): void {
  store
    .command("copy")
    .description(
      "copies everything from a data directory to a PostgreSQL, and its files to where the configuration keeps files; " +
        "the directory stays as it is",
    )
    .option(
      "--to <address>",
      "postgres://user:password@host:5432/database, or the name of an environment variable that holds it; files alone are copied without it",
    )
    .option("--from <directory>", "the data directory to copy, where the configuration names another one already")
    .option("--json", "prints what was compared as JSON")
    .action(async (_options, command: Command) => {
      const { config, to, from, json } = optionsOf(command, CopyCommand);
      const loaded = await loadConfig(config);
      const directory = from === undefined ? dataDirectoryOf(loaded) : existing(resolve(from));
      const address = addressOf(to, loaded);
      await refuseWhileRunning(to === undefined ? await openDatabases(loaded) : sqliteDatabases(directory));
      const isShown = !json && process.stderr.isTTY;
      const say = (line: string): void => {
        if (isShown) process.stderr.write(`\r${line}\u001B[K`);
      };
      const files = await copyKeptFiles(loaded, directory, say);
      if (to === undefined && files === undefined) throw nothingToCopy(directory);
      const tables = address === undefined ? undefined : await copyTables(loaded, { directory, address, say });
      say("");
      const notCopied = leftBehind(join(directory, "broker.sqlite"));
      if (json) return printJson({ files: files?.counts ?? [], tables: tables?.counts ?? [], notCopied });
      printCopied(directory, files, tables);
      printLeft(notCopied);
    });
}

/** What was copied where. */
interface Copied<Count> {
  readonly place: string;
  readonly counts: readonly Count[];
}

function printCopied(
  directory: string,
  files: Copied<CopiedFiles> | undefined,
  tables: Copied<CopiedCount> | undefined,
) {
  for (const { name, files: number, bytes, hash } of files?.counts ?? [])
    printSame(name, `${String(number).padStart(9)} files, ${bytes} bytes`, hash);
  for (const { table, rows, hash } of tables?.counts ?? []) printSame(table, `${String(rows).padStart(9)} rows`, hash);
  if (tables !== undefined)
    print(`Every table is in ${tables.place}. Set it in bots.config.ts: store: postgres({ url: env("DATABASE_URL") })`);
  const key = join(directory, "sealing.key");
  if (tables !== undefined && existsSync(key))
    print(
      `What is sealed opens with the key in ${key} alone. Give its last line to every host, as PARLEY_KEY: ` +
        'store: postgres({ …, sealing: { key: { kind: "given", key: env("PARLEY_KEY") } } })',
    );
  if (files !== undefined) return print(`Every file is in ${files.place}.`);
  print(
    `Uploads, models, sessions and the audit's key stay in ${directory}: the configuration keeps files there. ` +
      "For several machines set files: s3({ … }) in bots.config.ts, and run this command again.",
  );
}

/** The queue is the broker's: what waits in it is answered where it is, or not at all. */
function printLeft({ waiting, outbox, dead }: ReturnType<typeof leftBehind>): void {
  if (waiting + outbox + dead === 0) return;
  print(
    `${colors.yellow("not copied")} ${waiting} waiting messages, ${outbox} replies on their way, ${dead} dead letters. ` +
      "Start the old configuration once more until they are answered (parley dead-letters resubmit), and copy again.",
  );
}

function printSame(name: string, count: string, hash: string): void {
  print(`${colors.green("same")} ${name.padEnd(24)} ${count}  ${colors.dim(hash.slice(0, 16))}`);
}

function existing(directory: string): string {
  if (existsSync(directory)) return directory;
  throw new ParleyError(
    "store/copy",
    `--from: ${directory} is not there. Name the data directory that is to be copied.`,
  );
}

function nothingToCopy(directory: string): ParleyError {
  return new ParleyError(
    "store/copy",
    `Nothing is to be copied: the configuration keeps files in ${directory}. Name a database with --to, or set files: s3({ … }) in bots.config.ts.`,
  );
}

/** Undefined where the configuration keeps files in this very directory. */
async function copyKeptFiles(
  loaded: LoadedConfig,
  directory: string,
  say: (line: string) => void,
): Promise<Copied<CopiedFiles> | undefined> {
  const to = await openFiles(loaded, await openNetwork(loaded));
  try {
    if (to.kind === "directory" && to.place === directory) return undefined;
    const progress = (name: string, done: number, all: number): void => say(`${name}: ${done} of ${all} files`);
    const counts = await copyFiles({ from: directoryFiles(directory), to, kept: keptFiles(loaded), progress });
    return { place: to.place, counts };
  } finally {
    await to.close();
  }
}

async function copyTables(
  loaded: LoadedConfig,
  {
    directory,
    address,
    say,
  }: { readonly directory: string; readonly address: string; readonly say: (line: string) => void },
): Promise<Copied<CopiedCount>> {
  const databases = await postgresDatabases({ url: address });
  try {
    const target = databases.open("copy");
    const progress = (table: string, rows: number): void => say(`${table}: ${rows} rows`);
    const kept = await keptTables(loaded);
    const files = kept.map(({ file, modules }) => ({ path: join(directory, file), modules }));
    const counts = await copyStore({ files, target, progress });
    return { place: target.place, counts };
  } finally {
    await databases.close();
  }
}

/** What is written meanwhile would be missing. */
async function refuseWhileRunning(databases: Databases): Promise<void> {
  const records = await openProcessRecords(databases);
  try {
    const [running] = await records.living();
    if (running === undefined) return;
    throw new ParleyError(
      "store/copy",
      `Process ${running.process.pid} is writing to these files. Stop it first (Ctrl-C, or kill ${running.process.pid}), and copy then.`,
    );
  } finally {
    await records.close();
    await databases.close();
  }
}

function addressOf(to: string | undefined, { directory }: LoadedConfig): string | undefined {
  if (to === undefined) return undefined;
  const url = to.includes(":") ? to : (process.env[to] ?? readDotEnv(directory)[to] ?? "");
  const fault = url === "" ? "is not set" : postgresAddressFault(url);
  if (fault === undefined) return url;
  const what = to.includes(":") ? "the address" : `the variable ${to}`;
  throw new ParleyError("store/copy", `--to: ${what} ${fault}. Write postgres://user:password@host:5432/database.`);
}
