/** What the token and the application allow, for `doctor` and before each connect. */
import { z } from "zod";
import type { Check, Network } from "../../adapter.ts";
import { CONTENT_REMEDY, DiscordTokenError, DiscordUnreachableError, TOKEN_REMEDY } from "./errors.ts";
import type { DiscordSettings } from "./settings.ts";
import { type Discord, loadDiscord } from "./gateway/library.ts";

/** The application's flags for the intent: for verified applications, and for small ones. */
const CONTENT_FLAGS = (1 << 18) | (1 << 19);

const ApplicationFacts = z.object({ id: z.string(), name: z.string(), flags: z.number().default(0) });

export interface Application {
  readonly id: string;
  readonly name: string;
  readonly mayReadContent: boolean;
}

/** The application that the token belongs to. Throws `DiscordTokenError` or `DiscordUnreachableError`. */
export async function readApplication(discord: Discord, { token, apiUrl }: DiscordSettings): Promise<Application> {
  const rest = new discord.REST({ api: apiUrl, version: "10", retries: 1, timeout: 10_000 }).setToken(token.reveal());
  try {
    const { id, name, flags } = ApplicationFacts.parse(await rest.get(discord.Routes.currentApplication()));
    return { id, name, mayReadContent: (flags & CONTENT_FLAGS) !== 0 };
  } catch (thrown) {
    if (thrown instanceof discord.DiscordAPIError && thrown.status === 401) throw new DiscordTokenError();
    throw new DiscordUnreachableError(thrown instanceof Error ? thrown.message : "no error was given");
  } finally {
    rest.clearHashSweeper();
    rest.clearHandlerSweeper();
  }
}

/** For `doctor`: the token, and whether the words of messages may be read. */
export async function probeDiscord(settings: DiscordSettings, network?: Network): Promise<readonly Check[]> {
  const discord = await loadDiscord(network);
  let application: Application;
  try {
    application = await readApplication(discord, settings);
  } catch (thrown) {
    if (thrown instanceof DiscordTokenError)
      return [{ name: "discord token", status: "error", detail: "Discord refused it", remedy: TOKEN_REMEDY }];
    if (!(thrown instanceof DiscordUnreachableError)) throw thrown;
    const remedy = "Check the network of this machine, and https://discordstatus.com.";
    return [{ name: "discord connection", status: "error", detail: thrown.message, remedy }];
  }
  return [
    { name: "discord token", status: "ok", detail: `belongs to ${application.name}` },
    contentCheck(settings, application),
  ];
}

function contentCheck({ messageContent }: DiscordSettings, { mayReadContent }: Application): Check {
  const name = "discord message content";
  if (!messageContent)
    return { name, status: "ok", detail: "not asked for: only direct messages, mentions and commands are read" };
  if (mayReadContent) return { name, status: "ok", detail: "the intent is switched on" };
  return {
    name,
    status: "warning",
    detail: "the intent is off: in servers the bot reads only what mentions it, and commands",
    remedy: CONTENT_REMEDY,
  };
}
