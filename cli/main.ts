#!/usr/bin/env -S node --max-semi-space-size=4 --heap-growing-percent=50
// The flag: a bot that mostly waits needs no young generation of three times 16 MB, which V8 fills before its first
// collection. Measured: 25 to 30 MB less resident memory when idle.
/** The `parley` command. */
import { Command, CommanderError } from "commander";
import { reportFailure } from "./output.ts";
import { packageVersion } from "../core/package-directory.ts";

const program = new Command("parley")
  .description("Chat bots that do real work: one bot, written once, on every platform.")
  .version(packageVersion())
  .option("-c, --config <file>", "the configuration to use", "bots.config.ts")
  .showHelpAfterError("Run `parley --help` for all commands.")
  .addHelpText(
    "after",
    `
First steps:
  parley start                 runs every bot of bots.config.ts and prints its page
  parley chat                  talks with a bot in this terminal
  parley doctor                checks everything and says what to do
  parley eval <folder>         plays conversations with a bot and says what does not hold
  parley why [message]         shows how a message was answered, or why it was not
  parley dead-letters list     lists messages that could not be processed
  parley hand-over list        lists the conversations that people have instead of the bot
  parley complaints list       lists the complaints that people made
  parley users list            lists who may log in, and what they may do
  parley keys list             lists the API keys of programs
  parley audit verify          compares proposals and bookings with the audit of actions
  parley store copy --to <url> copies everything kept to a PostgreSQL and the bucket
  parley privacy --help        exports and erases what is kept of a person, makes keys anew
  parley mcp                   serves the bot's tools to an MCP client
  parley recommender --help    trains and measures the recommender
  parley login <account>       shows the QR or pairing code of an account
  parley create adapter <name> creates the skeleton of an adapter

Exit codes: 0 fine, 1 it failed, 2 wrong usage or configuration.`,
  )
  .exitOverride();

/** Each is loaded when it is called: a command that only looks needs none of what runs bots, and `--version` nothing. */
const commands = {
  start: {
    description: "runs the bots of the configuration until Ctrl-C or SIGTERM; SIGHUP reloads the configuration",
    load: async () => (await import("./commands/start.ts")).addStartCommand,
  },
  dev: {
    description:
      "runs the bots, and shows the first one on local platforms side by side; applies the configuration whenever it is saved",
    load: async () => (await import("./commands/dev.ts")).addDevCommand,
  },
  chat: {
    description: "talks with a bot in this terminal; log lines go to chat.log in the data directory",
    load: async () => (await import("./commands/chat.ts")).addChatCommand,
  },
  doctor: {
    description: "checks Node, configuration, running processes, broker, stores, model, tools, disk and every account",
    load: async () => (await import("./commands/doctor.ts")).addDoctorCommand,
  },
  eval: {
    description: "plays conversations with a bot and says what does not hold",
    load: async () => (await import("./commands/eval.ts")).addEvalCommand,
  },
  plan: {
    description: "shows what the configuration would change, before it is applied",
    load: async () => (await import("./commands/plan.ts")).addPlanCommand,
  },
  why: {
    description: "shows how a message was answered, or why it was not",
    load: async () => (await import("./commands/why.ts")).addWhyCommand,
  },
  "dead-letters": {
    description: "lists, shows, resubmits and removes messages that could not be processed",
    load: async () => (await import("./commands/dead-letters.ts")).addDeadLettersCommand,
  },
  "hand-over": {
    description: "lists, takes, answers and gives back conversations that people have instead of the bot",
    load: async () => (await import("./commands/hand-over.ts")).addHandOverCommand,
  },
  complaints: {
    description: "lists and shows the complaints that bots recorded",
    load: async () => (await import("./commands/complaints.ts")).addComplaintsCommand,
  },
  users: {
    description: "makes, lists, locks out and removes users, and gives them roles",
    load: async () => (await import("./commands/users.ts")).addUsersCommand,
  },
  keys: {
    description: "makes, lists and revokes API keys",
    load: async () => (await import("./commands/keys.ts")).addKeysCommand,
  },
  audit: {
    description: "verifies, shows and exports the audit of actions",
    load: async () => (await import("./commands/audit.ts")).addAuditCommand,
  },
  config: {
    description: "works with the configuration",
    load: async () => (await import("./commands/config.ts")).addConfigCommand,
  },
  create: {
    description: "creates the skeleton of something new",
    load: async () => (await import("./commands/create.ts")).addCreateCommand,
  },
  login: {
    description: "logs an account in: shows its QR or pairing code until it is connected",
    load: async () => (await import("./commands/login.ts")).addLoginCommand,
  },
  store: {
    description: "works with what is kept: copies it from one machine to PostgreSQL and a bucket",
    load: async () => (await import("./commands/store.ts")).addStoreCommand,
  },
  mcp: {
    description:
      "serves a bot's tools to MCP clients over stdio, and approves the tools of MCP servers that a bot uses",
    load: async () => (await import("./commands/mcp/index.ts")).addMcpCommand,
  },
  privacy: {
    description: "exports and erases what is kept of a person, and makes the keys anew that it is sealed with",
    load: async () => (await import("./commands/privacy.ts")).addPrivacyCommand,
  },
  recommender: {
    description: "trains, measures and queries the product recommender of a bot, and imports interactions",
    load: async () => (await import("./commands/recommender/index.ts")).addRecommenderCommand,
  },
};

for (const [name, { description, load }] of Object.entries(commands)) {
  const command = program.command(name).description(description);
  if (process.argv.slice(2).includes(name)) (await load())(command);
}

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // `parley why … | head`: whoever read it has read enough.
  if (error.code === "EPIPE") return;
  process.exit(reportFailure(error));
});

try {
  await program.parseAsync();
} catch (thrown) {
  if (thrown instanceof CommanderError) process.exitCode = thrown.exitCode === 0 ? 0 : 2;
  else process.exitCode = reportFailure(thrown);
}
