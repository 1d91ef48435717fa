import type { Command } from "commander";
import { colors } from "../colors.ts";
import { z } from "zod";
import type { Broker, DeadLetter } from "../../core/broker/broker.ts";
import { loadConfig } from "../../core/config/index.ts";
import { ParleyError } from "../../core/errors.ts";
import type { TopicDeadLetter, Topics } from "../../core/topics/topics.ts";
import { addListCommand } from "../list-command.ts";
import { CommonOptions, optionsOf } from "../options.ts";
import { print, printJson } from "../output.ts";
import { openBroker } from "../runtime/open-broker.ts";
import { openTopics } from "../runtime/open-topics.ts";
import { systemEnvironment } from "../runtime/system-environment.ts";
import { topicNames } from "../runtime/topic-names.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";

/** There is no dead letter of that id. */
class DeadLetterUnknownError extends ParleyError {
  override readonly name = "DeadLetterUnknownError";

  constructor(id: string) {
    super("dead-letter/unknown", `There is no dead letter ${id}. List them with: parley dead-letters list`);
  }
}

/** `parley dead-letters`: what could not be processed, and another chance for it. */
export function addDeadLettersCommand(group: Command): void {
  addListCommand(group, "lists the newest dead letters")
    .option("--limit <count>", "how many", "20")
    .option("--json", "prints them as JSON")
    .action(async (_options, command: Command) => {
      const options = optionsOf(command, CommonOptions.extend({ limit: z.coerce.number().int().min(1).max(1_000) }));
      await withDesk(options.config, async ({ broker, topics, names }) => {
        const letters = await broker.deadLetters.list({ limit: options.limit });
        const ofTopics = await listTopics(topics, names, options.limit);
        if (options.json) printJson([...letters.map(summary), ...ofTopics.map(topicSummary)]);
        else if (letters.length + ofTopics.length === 0) print(`${colors.green("none")} Everything was processed.`);
        else for (const one of [...letters.map(line), ...ofTopics.map(topicLine)]) print(one);
      });
    });
  group
    .command("show <id>")
    .description("shows one dead letter with its event")
    .action(async (id: string, _options, command: Command) => {
      const options = optionsOf(command, CommonOptions);
      await withDesk(options.config, async (desk) => {
        const letter = await inspect(id, desk);
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
        await withDesk(options.config, async ({ broker, topics, names }) => {
          for (const id of ids) {
            const place = topicPlace(id, names);
            const isDone =
              place === undefined ? await broker.deadLetters[action](id) : await topics[action](place.topic, place.id);
            if (!isDone) throw new DeadLetterUnknownError(id);
            print(`${colors.green(action === "resubmit" ? "resubmitted" : "removed")} ${id}`);
          }
        });
      });
  }
}

/** Where dead letters are: conversations have theirs, and so have the topics of tools. */
interface Desk {
  readonly broker: Broker;
  readonly topics: Topics;
  /** The topics of the configuration. */
  readonly names: readonly string[];
}

async function withDesk(configFile: string, work: (desk: Desk) => Promise<void>): Promise<void> {
  const loaded = await loadConfig(configFile);
  const parts = { environment: systemEnvironment(), telemetry: silentTelemetry };
  const broker = await openBroker(loaded, parts);
  try {
    const topics = await openTopics(loaded, parts);
    try {
      await work({ broker, topics, names: topicNames(loaded) });
    } finally {
      await topics.close();
    }
  } finally {
    await broker.close();
  }
}

/** Newest first over all topics. */
async function listTopics(
  topics: Topics,
  names: readonly string[],
  limit: number,
): Promise<readonly TopicDeadLetter[]> {
  const letters = await Promise.all(names.map(async (name) => await topics.deadLetters(name, limit)));
  return letters
    .flat()
    .toSorted((left, right) => Date.parse(right.at) - Date.parse(left.at))
    .slice(0, limit);
}

const SEPARATOR = "#";

/** A dead letter of a topic is named by both: `harbour.product-views#17`. */
const topicId = ({ topic, id }: Pick<TopicDeadLetter, "topic" | "id">): string => `${topic}${SEPARATOR}${id}`;

function topicPlace(id: string, names: readonly string[]): { readonly topic: string; readonly id: string } | undefined {
  const topic = names.find((name) => id.startsWith(`${name}${SEPARATOR}`));
  return topic === undefined ? undefined : { topic, id: id.slice(topic.length + SEPARATOR.length) };
}

async function inspect(id: string, { broker, topics, names }: Desk): Promise<DeadLetter | TopicDeadLetter | undefined> {
  const place = topicPlace(id, names);
  if (place === undefined) return await broker.deadLetters.inspect(id);
  const letters = await topics.deadLetters(place.topic, MOST_OF_A_TOPIC);
  return letters.find((letter) => letter.id === place.id);
}

const MOST_OF_A_TOPIC = 100_000;

function topicSummary({ topic, id, reason, attempts, at }: TopicDeadLetter) {
  return { id: topicId({ topic, id }), topic, reason, attempts, at };
}

function topicLine(letter: TopicDeadLetter): string {
  return `${topicId(letter)}  ${colors.dim(letter.at)}  attempts ${letter.attempts}  ${colors.red(letter.reason)}`;
}

/** The list leaves the message's text out; `show` has it. */
function summary({ event, ...letter }: DeadLetter) {
  return { ...letter, eventId: event.id, type: event.type, platform: event.platform };
}

function line(letter: DeadLetter): string {
  return `${letter.id}  ${colors.dim(letter.at)}  ${letter.conversation}  ${letter.event.type}  attempts ${letter.attempts}  ${colors.red(letter.reason)}`;
}
