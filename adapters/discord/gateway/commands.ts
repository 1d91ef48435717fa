/** The bot's commands, as Discord lists them. */
import type { Client } from "discord.js";
import { z } from "zod";
import type { AdapterContext } from "../../../adapter.ts";
import type { DiscordSettings } from "../settings.ts";
import type { Discord } from "./library.ts";

const TEXT_OPTION = 3;

const Registered = z.array(
  z.object({
    type: z.number().default(1),
    name: z.string(),
    description: z.string().default(""),
    options: z
      .array(
        z.object({ type: z.number(), name: z.string(), description: z.string(), required: z.boolean().default(false) }),
      )
      .default([]),
  }),
);
type Registered = z.infer<typeof Registered>;

export interface CommandsOptions {
  readonly discord: Discord;
  readonly client: Pick<Client, "rest">;
  readonly applicationId: string;
  readonly context: Pick<AdapterContext<DiscordSettings>, "commands" | "settings">;
}

/** Tells Discord the commands, if it knows others. */
export async function registerCommands({ discord, client, applicationId, context }: CommandsOptions): Promise<void> {
  const address = discord.Routes.applicationCommands(applicationId);
  const wanted = wantedCommands(context);
  const known = Registered.parse(await client.rest.get(address));
  if (signatureOf(known) !== signatureOf(Registered.parse(wanted))) await client.rest.put(address, { body: wanted });
}

/** Slash commands in servers and direct chats, and the entry in a message's menu. */
function wantedCommands({ commands, settings }: CommandsOptions["context"]): readonly Record<string, unknown>[] {
  const everywhere = { integration_types: [0], contexts: [0, 1] };
  const slash = commands.map(({ name, description, argument }) => {
    const options = argument === undefined ? [] : [{ type: TEXT_OPTION, ...argument }];
    return { type: 1, name, description: description.slice(0, 100), ...everywhere, options };
  });
  return settings.messageMenu === false ? slash : [...slash, { type: 3, name: settings.messageMenu, ...everywhere }];
}

function signatureOf(commands: Registered): string {
  const key = ({ type, name }: Registered[number]): string => `${type} ${name}`;
  return JSON.stringify(commands.toSorted((left, right) => key(left).localeCompare(key(right))));
}
