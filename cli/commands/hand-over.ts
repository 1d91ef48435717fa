import { userInfo } from "node:os";
import type { Command } from "commander";
import { z } from "zod";
import { type LoadedConfig, loadConfig } from "../../core/config/index.ts";
import { ConversationId } from "../../core/conversation-id.ts";
import { InvalidInputError } from "../../core/errors.ts";
import { createHandOverDesk, type HandOverDesk, knownConversation } from "../../core/hand-over/index.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";
import type { HandedOver, Store } from "../../core/store/store.ts";
import { colors } from "../colors.ts";
import { addListCommand } from "../list-command.ts";
import { CommonOptions, optionsOf } from "../options.ts";
import { print, printJson } from "../output.ts";
import { openBroker } from "../runtime/open-broker.ts";
import { openDatabases } from "../runtime/open-databases.ts";
import { openStore } from "../runtime/open-store.ts";
import { systemEnvironment } from "../runtime/system-environment.ts";

const SHOWN_MESSAGES = 30;

/** `parley hand-over`: the conversations that people have instead of the bot. */
export function addHandOverCommand(group: Command): void {
  addListCommand(group, "lists the conversations that people have, the oldest first")
    .option("--json", "prints them as JSON")
    .action(async (_options, command: Command) => {
      const options = optionsOf(command, CommonOptions);
      await withDesk(options.config, async ({ desk }) => {
        const found = await desk.list();
        if (options.json) printJson(found);
        else if (found.length === 0) print(`${colors.green("none")} The bots have every conversation.`);
        else for (const one of found) print(line(one));
      });
    });
  add(group, "show <conversation>", "shows what was said last, and the note", async (work, [conversation]) => {
    await show(work, conversation);
  });
  add(
    group,
    "take <conversation>",
    "takes a conversation from its bot",
    async ({ desk, store, botOf }, [conversation]) => {
      await knownConversation(store, conversation);
      await desk.begin(await botOf(conversation), { conversation, cause: "admin", by: userInfo().username });
      print(`${colors.green("taken")} The bot is silent. Answer: parley hand-over say ${conversation} "…"`);
    },
  );
  add(
    group,
    "say <conversation> <words...>",
    "answers the person, in the bot's place",
    async (work, [conversation, words]) => {
      await work.desk.say(await work.botOf(conversation), conversation, words);
      print(`${colors.green("on its way")} It is sent once: parley why shows what became of it.`);
    },
  );
  add(group, "note <conversation> <words...>", "keeps a note for the others", async (work, [conversation, words]) => {
    await work.desk.note(await work.botOf(conversation), conversation, words);
    print(`${colors.green("noted")} ${conversation}`);
  });
  add(group, "give-back <conversation>", "gives a conversation back to its bot", async ({ desk }, [conversation]) => {
    const isGiven = await desk.giveBack(conversation);
    print(isGiven ? `${colors.green("given back")} The bot answers again.` : "The bot had it already.");
  });
}

interface Work {
  readonly desk: HandOverDesk;
  readonly store: Store;
  readonly json: boolean;
  readonly botOf: (conversation: ConversationId) => Promise<Parameters<HandOverDesk["begin"]>[0]>;
}

type Action = (work: Work, given: readonly [conversation: ConversationId, words: string]) => Promise<void>;

function add(group: Command, usage: string, description: string, action: Action): void {
  const [name = "", ...rest] = usage.split(" ");
  const command = group.command(`${name} ${rest.join(" ")}`).description(description);
  if (name === "show") command.option("--json", "prints it as JSON");
  command.action(async (given: string, words: unknown, ...others: readonly unknown[]) => {
    const called = z.custom<Command>((value) => value === command).parse([words, ...others].at(-1));
    const options = optionsOf(called, CommonOptions);
    const text = Array.isArray(words) ? words.join(" ") : "";
    await withDesk(options.config, async (work) => {
      await action({ ...work, json: options.json }, [readConversation(given), text]);
    });
  });
}

function readConversation(given: string): ConversationId {
  const read = ConversationId.safeParse(given);
  if (read.success) return read.data;
  throw new InvalidInputError(
    "conversation/invalid-id",
    "A conversation id has the form platform:account:chat[:thread]. List them with: parley hand-over list",
  );
}

async function withDesk(configFile: string, work: (parts: Omit<Work, "json">) => Promise<void>): Promise<void> {
  const loaded = await loadConfig(configFile);
  const environment = systemEnvironment();
  const databases = await openDatabases(loaded);
  try {
    const store = await openStore(databases);
    try {
      const broker = await openBroker(loaded, { environment, telemetry: silentTelemetry });
      try {
        const desk = createHandOverDesk({ store, broker, environment, telemetry: silentTelemetry });
        await work({ desk, store, botOf: async (conversation) => await ruledBy(loaded, store, conversation) });
      } finally {
        await broker.close();
      }
    } finally {
      await store.close();
    }
  } finally {
    await databases.close();
  }
}

/** The bot's rules; those of the framework where it is not configured any more. */
async function ruledBy({ config }: LoadedConfig, store: Store, conversation: ConversationId) {
  const id = (await store.conversations.get(conversation))?.bot ?? "";
  return config.bots[id] ?? { id, policies: {} };
}

async function show({ store, json }: Work, conversation: ConversationId): Promise<void> {
  const control = await store.controls.get(conversation, new Date().toISOString());
  const said = await store.history.page(conversation, { limit: SHOWN_MESSAGES });
  if (json) return printJson({ control, said });
  for (const entry of said) print(entryLine(entry));
  if (said.length === 0) print("Nothing was said here, or it was erased.");
  if (control?.kind !== "handed-over") return print(colors.dim("The bot has this conversation."));
  print(colors.dim(`handed over to people since ${control.since} (${control.cause})`));
  if (control.note !== undefined) print(`${colors.bold("note")} ${control.note}`);
}

function entryLine(entry: Awaited<ReturnType<Store["history"]["page"]>>[number]): string {
  return `${colors.dim(entry.at)}  ${colors.bold(entry.role)}  ${entry.text}`;
}

function line({ conversation, bot = "?", since, until = "given back", cause, note }: HandedOver): string {
  const parts = [bot, `since ${since}`, cause, `until ${until}`].join(" · ");
  return `${conversation}  ${colors.dim(parts)}${note === undefined ? "" : `  ${note}`}`;
}
