/** `parley mcp`: serves a bot's tools over stdio, and looks after the servers whose tools a bot uses. */
import type { Command } from "commander";
import { CommonOptions, optionsOf } from "../../options.ts";
import { z } from "zod";
import { addApprove, addLogin, addTools } from "./servers.ts";
import { serve } from "./serve.ts";

/** Adds the group; alone it serves. */
export function addMcpCommand(group: Command): void {
  group
    .option("--bot <id>", "the bot; the first one by default")
    .addHelpText(
      "after",
      `
Alone it serves the tools of a bot to the program that starts it, over standard input and output:
  { "command": "npx", "args": ["parleyjs", "mcp", "--config", "/path/to/bots.config.ts"] }

Examples:
  parley mcp tools                    the tools of the servers that the bot uses, and whether they are approved
  parley mcp approve weather forecast approves a tool as it is now; without its name all of the server
  parley mcp login weather            logs in to a server that wants OAuth

More: docs/mcp.md`,
    )
    .action(async (_options, command: Command) => {
      await serve(optionsOf(command, CommonOptions.extend({ bot: z.string().optional() })));
    });
  for (const add of [addTools, addApprove, addLogin]) add(group);
}
