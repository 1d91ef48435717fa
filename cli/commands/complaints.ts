import type { Command } from "commander";
import { z } from "zod";
import { loadConfig } from "../../core/config/index.ts";
import { ParleyError } from "../../core/errors.ts";
import { type Complaint, openComplaints } from "../../tools/support/index.ts";
import { colors } from "../colors.ts";
import { addListCommand } from "../list-command.ts";
import { CommonOptions, optionsOf } from "../options.ts";
import { print, printJson } from "../output.ts";
import { openDatabases } from "../runtime/open-databases.ts";

/** `parley complaints`: what people complained about. */
export function addComplaintsCommand(group: Command): void {
  addListCommand(group, "lists the newest complaints")
    .option("--limit <count>", "how many", "20")
    .option("--json", "prints them as JSON")
    .action(async (_options, command: Command) => {
      const options = optionsOf(command, CommonOptions.extend({ limit: z.coerce.number().int().min(1).max(1_000) }));
      await withComplaints(options.config, async ({ list }) => {
        const found = await list(options.limit);
        if (options.json) printJson(found);
        else if (found.length === 0) print(`${colors.green("none")} Nobody complained.`);
        else for (const one of found) print(line(one));
      });
    });
  group
    .command("show <number>")
    .description("shows what was complained about")
    .option("--json", "prints it as JSON")
    .action(async (number: string, _options, command: Command) => {
      const options = optionsOf(command, CommonOptions);
      await withComplaints(options.config, async ({ find }) => {
        const found = await find(number);
        if (found.length === 0) {
          throw new ParleyError(
            "complaint/unknown",
            `There is no complaint ${number}. List them with: parley complaints list`,
          );
        }
        if (options.json) return printJson(found);
        for (const one of found)
          print(`${line(one)}\n\n${one.words ?? colors.dim("erased, as its person asked for")}\n`);
      });
    });
}

type Complaints = Awaited<ReturnType<typeof openComplaints>>;

async function withComplaints(configFile: string, work: (complaints: Complaints) => Promise<void>): Promise<void> {
  const databases = await openDatabases(await loadConfig(configFile));
  try {
    const complaints = await openComplaints(databases);
    try {
      await work(complaints);
    } finally {
      await complaints.close();
    }
  } finally {
    await databases.close();
  }
}

function line({ number, bot, at, conversation }: Complaint): string {
  return `${number}  ${colors.dim([bot, at, conversation ?? "erased"].join(" · "))}`;
}
