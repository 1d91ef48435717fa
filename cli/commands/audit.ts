import type { Command } from "commander";
import { z } from "zod";
import { loadConfig } from "../../core/config/index.ts";
import { type Audit, createAudit, type FullReport } from "../../tools/audit/index.ts";
import { createActionLog, type LoggedAction } from "../../tools/confirmation/action-log.ts";
import { proposalBook } from "../../tools/confirmation/proposal-evidence.ts";
import { proposalModule } from "../../tools/confirmation/proposal-module.ts";
import { actionTables } from "../../tools/registry/kept-tables.ts";
import type { Database } from "../../core/store/sql/database.ts";
import type { EvidenceBook } from "../../core/evidence.ts";
import { colors } from "../colors.ts";
import { CommonOptions, optionsOf } from "../options.ts";
import { print, printJson } from "../output.ts";
import { besideServer } from "../runtime/beside-server.ts";

const Day = z.union([z.iso.date(), z.iso.datetime()], { error: "a day such as 2026-11-01, or a time in ISO 8601" });
const ShowCommand = CommonOptions.extend({
  user: z.string().min(1).optional(),
  action: z.string().min(1).optional(),
  from: Day.optional(),
  to: Day.optional(),
});
type Filter = z.output<typeof ShowCommand>;
const ExportCommand = ShowCommand.extend({ format: z.enum(["jsonl", "csv"]).default("jsonl") });

/** `parley audit`: who proposed, decided and did what, and whether somebody changed it. */
export function addAuditCommand(group: Command): void {
  group
    .command("verify")
    .description("walks the whole audit, and compares proposals and the packs' tables with it")
    .option("--json", "prints what was found as JSON")
    .action(async (_options, command: Command) => {
      const { config, json } = optionsOf(command, CommonOptions);
      await withAudit(config, async ({ audit, books }) => {
        const report = await audit.verifyAll(books);
        if (json) printJson(report);
        else printReport(report);
        if (!report.intact) process.exitCode = 1;
      });
    });
  filtered(group.command("show").description("shows entries, the oldest first"))
    .option("--json", "prints them as JSON")
    .action(async (_options, command: Command) => {
      const options = optionsOf(command, ShowCommand);
      await withAudit(options.config, async ({ database }) => {
        const rows = [];
        for await (const entry of entriesOf(database, options)) {
          if (options.json) rows.push(rowOf(entry));
          else print(line(entry));
        }
        if (options.json) printJson(rows);
      });
    });
  filtered(group.command("export").description("writes entries to the standard output, one a line"))
    .option("--format <format>", "jsonl or csv", "jsonl")
    .action(async (_options, command: Command) => {
      const options = optionsOf(command, ExportCommand);
      await withAudit(options.config, async ({ database }) => {
        if (options.format === "csv") print(COLUMNS.join(","));
        for await (const entry of entriesOf(database, options)) {
          const row = rowOf(entry);
          print(options.format === "csv" ? COLUMNS.map((name) => cell(row[name])).join(",") : JSON.stringify(row));
        }
      });
    });
}

function filtered(command: Command): Command {
  return command
    .option("--user <id>", "of this person, or user id of a platform")
    .option("--action <name>", "a tool such as transfer_money, a kind such as refused, or the id of a proposal")
    .option("--from <day>", "from this day or time on")
    .option("--to <day>", "before this day or time");
}

interface Desk {
  readonly audit: Audit;
  readonly database: Database;
  readonly books: readonly EvidenceBook[];
}

async function withAudit(configFile: string, work: (desk: Desk) => Promise<void>): Promise<void> {
  const loaded = await loadConfig(configFile);
  await besideServer(loaded, async ({ databases, files, environment, telemetry }, closers) => {
    const database = databases.open(actionTables.file);
    closers.push(database.close);
    await database.migrate(proposalModule);
    const audit = await createAudit(database, files, { clock: environment.clock, log: telemetry.log });
    closers.push(audit.close);
    const packs = Object.values(loaded.config.bots).flatMap(({ tools }) => tools);
    const opened = packs.flatMap(({ evidence }) => evidence?.(databases) ?? []);
    for (const { close } of opened) closers.push(close);
    // Bots that share a database have the same tables.
    const byTables = new Map(opened.map((book) => [`${book.place} ${book.tables.join()}`, book]));
    await work({ audit, database, books: [proposalBook(database), ...byTables.values()] });
  });
}

function printReport({ intact, entries, compared, unproven, findings }: FullReport): void {
  for (const { table, id, field, problem } of findings)
    print(`${colors.red("changed")} ${table} ${id}${field === undefined ? "" : ` ${field}`}: ${problem}`);
  const told = unproven === 0 ? "" : `; ${unproven} of them have no entry to compare with`;
  const counts = `${entries} entries, ${compared} rows compared${told}`;
  if (intact) return print(`${colors.green("intact")} ${counts}.`);
  print(
    `${colors.red("not intact")} ${counts}, ${findings.length} findings. Keep the databases and the audit's files as they are, ` +
      "restore a backup beside them, and compare.",
  );
}

async function* entriesOf(database: Database, filter: Filter): AsyncGenerator<LoggedAction> {
  const log = createActionLog(database);
  for (let after = 0; ;) {
    const page = await log.after(after);
    for (const one of page) {
      if (isMeant(one, filter)) yield one;
      after = one.sequence;
    }
    if (page.length === 0) return;
  }
}

function isMeant({ entry }: LoggedAction, { user, action, from = "", to = "9999" }: Filter): boolean {
  const { at, kind, tool, person, userId, action: proposal } = entry;
  const isOfUser = user === undefined || user === person || user === userId;
  const isAction = action === undefined || [kind, tool, proposal].includes(action);
  return isOfUser && isAction && at >= from && at < to;
}

const COLUMNS = [
  "sequence",
  "time",
  "user",
  "person",
  "bot",
  "platform",
  "conversation",
  "address",
  "userAgent",
  "action",
  "resource",
  "proposal",
  "result",
  "risk",
  "decidedBy",
  "decidedIn",
  "shown",
  "details",
  "correlationId",
] as const;

const UNKNOWN = { address: "", userAgent: "", action: "", code: "ok", risk: "", shown: "", argumentsHash: "" };

function rowOf({ sequence, entry }: LoggedAction): Readonly<Record<(typeof COLUMNS)[number], string | number>> {
  const { rows = [], decided = { by: "" }, ...facts } = entry;
  const { address, userAgent, action, code, risk, shown, argumentsHash } = { ...UNKNOWN, ...facts };
  const written = rows.map(({ table, id, hash }) => `${table} ${id} ${hash}`);
  return {
    sequence,
    time: entry.at,
    user: entry.userId,
    person: entry.person,
    bot: entry.bot,
    platform: entry.account.split(":")[0] ?? "",
    conversation: entry.conversation,
    address,
    userAgent,
    action: entry.kind,
    resource: entry.tool,
    proposal: action,
    result: code,
    risk,
    decidedBy: decided.by,
    decidedIn: decided.event ?? "",
    shown,
    details: [argumentsHash, ...written].filter((part) => part !== "").join("; "),
    correlationId: entry.eventId,
  };
}

/** A cell of a table program: what begins like a formula is none. */
function cell(value: string | number): string {
  const text = String(value);
  const safe = /^[=+@\t\r-]/u.test(text) ? `'${text}` : text;
  return /[",\n\r]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function line({ sequence, entry }: LoggedAction): string {
  const { at, kind, tool, person, action = "", code = "" } = entry;
  const notes = [person, action, code].filter((note) => note !== "").join(" · ");
  return `${String(sequence).padStart(6)}  ${at}  ${kind.padEnd(10)} ${tool.padEnd(20)} ${colors.dim(notes)}`;
}
