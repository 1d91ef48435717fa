import type { Command } from "commander";
import { z } from "zod";
import { Permission } from "../../core/permission.ts";
import { EVERY_BOT } from "../../gateway/access/roles.ts";
import { type ApiKey, LONGEST_DAYS } from "../../gateway/identity/index.ts";
import { colors } from "../colors.ts";
import { addListCommand } from "../list-command.ts";
import { CommonOptions, listed, optionsOf } from "../options.ts";
import { print, printJson } from "../output.ts";
import { dataDirectoryOf } from "../runtime/data-directory.ts";
import { handOverSecret } from "../runtime/hand-over-secret.ts";
import { knownBot, withAccounts } from "../runtime/open-accounts.ts";
import { keyFile } from "../runtime/spent-secrets.ts";

const CreateOptions = CommonOptions.extend({
  user: z.string().min(1),
  scopes: z.array(Permission).min(1),
  bot: z.string().min(1).default(EVERY_BOT),
  days: z.coerce.number().int().min(1).max(LONGEST_DAYS).default(90),
});

/** `parley keys`: what programs log in with. */
export function addKeysCommand(group: Command): void {
  addListCommand(group, "lists API keys, the newest first")
    .option("--limit <count>", "how many", "100")
    .option("--json", "prints them as JSON")
    .action(async (_options, command: Command) => {
      const options = optionsOf(command, CommonOptions.extend({ limit: z.coerce.number().int().min(1).max(1_000) }));
      await withAccounts(options.config, async ({ apiKeys, store, now }) => {
        const keys = await apiKeys.list({ limit: options.limit });
        const found = await Promise.all(
          keys.map(async (key) => ({ ...key, login: (await store.users.find(key.userId))?.login })),
        );
        if (options.json) printJson(found.map((key) => ({ ...key, state: stateOf(key, now) })));
        else if (found.length === 0) print(`${colors.green("none")} There are no API keys.`);
        else for (const key of found) print(line(key, now));
      });
    });
  group
    .command("create <name>")
    .description("makes an API key of a user")
    .requiredOption("--user <login>", "whose it is: it can do no more than this user")
    .requiredOption("--scopes <list>", `comma-separated, of: ${Permission.options.join(", ")}`, listed)
    .option("--bot <bot>", "the bot that it is for; all of them where it is left out")
    .option("--days <days>", `how long it is good for, ${LONGEST_DAYS} at most`, "90")
    .action(async (name: string, _options, command: Command) => {
      const options = optionsOf(command, CreateOptions);
      await withAccounts(options.config, async ({ loaded, accounts, apiKeys }) => {
        const { id: userId } = await accounts.byLogin(options.user);
        const { scopes, days } = options;
        const { key, secret } = await apiKeys.create({
          userId,
          name,
          bot: knownBot(loaded, options.bot),
          scopes,
          days,
        });
        const file = handOverSecret(secret, {
          isTerminal: process.stdout.isTTY,
          directory: dataDirectoryOf(loaded),
          name: keyFile(key.id),
          show: print,
        });
        const where = file === undefined ? "It is not shown again." : `It is in ${file}, which you alone can read.`;
        print(colors.dim(`${where} Send it as "Authorization: Bearer …"; it ends ${dayOf(key.expiresAt)}.`));
      });
    });
  group
    .command("revoke <id>")
    .description("ends an API key at once")
    .action(async (id: string, _options, command: Command) => {
      const { config } = optionsOf(command, CommonOptions);
      await withAccounts(config, async ({ apiKeys }) => {
        const { name } = await apiKeys.get(id);
        const isEnded = await apiKeys.revoke(id);
        print(isEnded ? `${colors.green("revoked")} ${name}` : `${name} was revoked before.`);
      });
    });
}

function line(key: ApiKey & { readonly login: string | undefined }, now: number): string {
  const used = key.lastUsedAt === undefined ? "never used" : `used ${dayOf(key.lastUsedAt)}`;
  const bot = key.bot === EVERY_BOT ? "all bots" : key.bot;
  const said = [`of ${key.login ?? key.userId}`, stateOf(key, now), bot, key.scopes.join(","), used];
  return `${key.id}  ${key.name}  ${colors.dim(said.join(" · "))}`;
}

function stateOf({ expiresAt, revokedAt }: ApiKey, now: number): string {
  if (revokedAt !== undefined) return "revoked";
  return expiresAt <= now ? "expired" : `until ${dayOf(expiresAt)}`;
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
