import type { Command } from "commander";
import { nearest } from "../core/config/nearest.ts";

/** The `list` of a group of commands, which is run for the bare group as well: a word that names no command is told as such. */
export function addListCommand(group: Command, description: string): Command {
  return group
    .command("list", { isDefault: true })
    .description(description)
    .allowExcessArguments()
    .hook("preAction", ({ args: [unknown] }) => {
      if (unknown === undefined) return;
      const known = group.commands.map((command) => command.name());
      const near = nearest(unknown, known);
      const meant = near === undefined ? `parley ${group.name()} has: ${known.join(", ")}` : `did you mean ${near}?`;
      group.error(`error: unknown command '${unknown}'; ${meant}`);
    });
}
