import type { Command } from "commander";
import pc from "picocolors";
import { z } from "zod";
import type { Broker, DeadLetter } from "../../core/broker/broker.ts";
import { loadConfig } from "../../core/config/index.ts";
import { ParleyError } from "../../core/errors.ts";
import { CommonOptions, optionsOf } from "../options.ts";
import { print, printJson } from "../output.ts";
import { openBroker } from "../runtime/open-broker.ts";
import { systemEnvironment } from "../runtime/system-environment.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";

/** There is no dead letter of that id. */
class DeadLetterUnknownError extends ParleyError {
  override readonly name = "DeadLetterUnknownError";

  constructor(id: string) {
    super("dead-letter/unknown", `There is no dead letter ${id}. List them with: parley dead-letters list`);
  }
}

/** `parley dead-letters`: what could not be processed, and another chance for it. */
export function addDeadLettersCommand(program: Command): void {
  const group = program
    .command("dead-letters")
    .description("lists, inspects, resubmits and removes what could not be processed");
  group
    .command("list", { isDefault: true })
    .description("lists the newest dead letters")
    .option("--limit <count>", "how many", "20")
    .option("--json", "prints them as JSON")
    .action(async (_options, command: Command) => {
      const options = optionsOf(command, CommonOptions.extend({ limit: z.coerce.number().int().min(1).max(1_000) }));
      await withBroker(options.config, async (broker) => {
        const letters = await broker.deadLetters.list({ limit: options.limit });
        if (options.json) printJson(letters.map(summary));
        else if (letters.length === 0) print(`${pc.green("none")} Everything was processed.`);
        else for (const letter of letters) print(line(letter));
      });
    });
  group
    .command("show <id>")
    .description("shows one dead letter with its event")
    .action(async (id: string, _options, command: Command) => {
      const options = optionsOf(command, CommonOptions);
      await withBroker(options.config, async (broker) => {
        const letter = await broker.deadLetters.inspect(id);
        if (letter === undefined) throw new DeadLetterUnknownError(id);
        printJson(letter);
      });
    });
  for (const action of ["resubmit", "remove"] as const) {
    group
      .command(`${action} <ids...>`)
      .description(
        action === "resubmit"
          ? "gives dead letters another chance, at the end of their conversations"
          : "forgets dead letters",
      )
      .action(async (ids: string[], _options, command: Command) => {
        const options = optionsOf(command, CommonOptions);
        await withBroker(options.config, async (broker) => {
          for (const id of ids) {
            if (!(await broker.deadLetters[action](id))) throw new DeadLetterUnknownError(id);
            print(`${pc.green(action === "resubmit" ? "resubmitted" : "removed")} ${id}`);
          }
        });
      });
  }
}

async function withBroker(configFile: string, work: (broker: Broker) => Promise<void>): Promise<void> {
  const loaded = await loadConfig(configFile);
  const broker = await openBroker(loaded, { environment: systemEnvironment(), telemetry: silentTelemetry });
  try {
    await work(broker);
  } finally {
    await broker.close();
  }
}

/** The list leaves the message's text out; `show` has it. */
function summary({ event, ...letter }: DeadLetter) {
  return { ...letter, eventId: event.id, type: event.type, platform: event.platform };
}

function line(letter: DeadLetter): string {
  return `${letter.id}  ${pc.dim(letter.at)}  ${letter.conversation}  ${letter.event.type}  attempts ${letter.attempts}  ${pc.red(letter.reason)}`;
}
