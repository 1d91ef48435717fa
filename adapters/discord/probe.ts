/** What the token and the application allow, for `doctor` and before each connect. */
import { z } from "zod";
import type { Check } from "../../core/check.ts";
import { ParleyError } from "../../core/errors.ts";
import type { DiscordSettings } from "./settings.ts";

type Discord = typeof import("discord.js");

export const CONTENT_REMEDY =
  "Switch on Message Content Intent (discord.com/developers/applications, your application, Bot, Privileged Gateway Intents), or set messageContent: false.";
export const TOKEN_REMEDY =
  "Make a new token (discord.com/developers/applications, your application, Bot, Reset Token) and set it where the configuration refers to.";

/** The application's flags for the intent: for verified applications, and for small ones. */
const CONTENT_FLAGS = (1 << 18) | (1 << 19);

/** Discord does not know the token. */
export class DiscordTokenError extends ParleyError {
  override readonly name = "DiscordTokenError";

  constructor() {
    super("discord/invalid-token", `Discord refused the token: it was reset, revoked or mistyped. ${TOKEN_REMEDY}`);
  }
}

/** Discord could not be reached, or could not answer. */
export class DiscordUnreachableError extends ParleyError {
  override readonly name = "DiscordUnreachableError";

  constructor(detail: string) {
    super("discord/unreachable", `Discord did not answer as expected (${detail}). It is tried again.`, {
      retryable: true,
    });
  }
}

/** The gateway ended the connection for good. */
export class DiscordRefusedError extends ParleyError {
  override readonly name = "DiscordRefusedError";

  constructor({ detail, remedy }: Refusal) {
    super("discord/refused", `Discord closed the connection: ${detail}. ${remedy}`);
  }
}

export interface Refusal {
  readonly detail: string;
  readonly remedy: string;
}

/** What a close code means that no reconnect will mend. */
export function refusalOf(code: number): Refusal {
  switch (code) {
    case 4004:
      return { detail: "the token is not valid any more (4004)", remedy: TOKEN_REMEDY };
    case 4010:
    case 4011:
      return {
        detail: `the shards do not fit (${code})`,
        remedy: 'Correct shards, or leave it at "auto": the number of servers per shard is limited to 2500.',
      };
    case 4013:
    case 4014:
      return { detail: `an intent is not allowed (${code})`, remedy: CONTENT_REMEDY };
    default:
      return { detail: `close code ${code}`, remedy: "Run: parley doctor" };
  }
}

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
export async function probeDiscord(settings: DiscordSettings): Promise<readonly Check[]> {
  const discord = await import("discord.js");
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
