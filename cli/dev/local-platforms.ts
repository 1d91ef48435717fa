/** The platforms that `parley dev` opens on this machine, so that a bot can be seen on each without a token. */
import type { AccountConfig } from "../../core/bot.ts";
import { type LoadedConfig, localPlatformOf } from "../../core/config/index.ts";
import { ParleyError } from "../../core/errors.ts";
import type { HttpRoute } from "../../core/http.ts";
import type { LocalChat, LocalPerson, LocalPlatform, OpenLocalPlatform } from "../../core/testing/index.ts";

/** Loaded only when they are opened: nobody else pays for the platforms' libraries. */
const own: LocalPlatforms = {
  discord: async () => (await import("../../adapters/discord/testing/index.ts")).openDiscordLocally,
  telegram: async () => (await import("../../adapters/telegram/testing/index.ts")).openTelegramLocally,
  slack: async () => (await import("../../adapters/slack/testing/index.ts")).openSlackLocally,
  whatsapp: async () => (await import("../../adapters/whatsapp/testing/index.ts")).openWhatsappCloudLocally,
};

/** How each platform is opened here, by its name. */
export type LocalPlatforms = Readonly<Record<string, () => Promise<OpenLocalPlatform>>>;

/** Ours, and those of the adapter packages that the configuration uses. */
export function localPlatformsFor(accounts: readonly AccountConfig[]): LocalPlatforms {
  const brought = accounts.flatMap(({ adapter, package: name }) =>
    name === undefined ? [] : [[adapter.manifest.platform, async () => await localPlatformOf(name)] as const],
  );
  return { ...own, ...Object.fromEntries(brought) };
}

/** Accounts of the local platforms, beside those of the configuration. */
const ACCOUNT_NAME = "local";

/** A platform was asked for that has no local server. */
class UnknownLocalPlatformError extends ParleyError {
  override readonly name = "UnknownLocalPlatformError";

  constructor(name: string, platforms: LocalPlatforms) {
    const known = Object.keys(platforms).join(", ");
    super("cli/unknown-local-platform", `"${name}" does not run on this machine. Use ${known}, or none.`);
  }
}

/** One platform with the people who try the bot on it. */
export interface LocalDesk {
  readonly platform: LocalPlatform;
  readonly ann: LocalPerson;
  /** Left out where the platform has no groups. */
  readonly group: LocalChat | undefined;
}

/** Which platforms a list such as `discord,slack` means. Throws `cli/unknown-local-platform`. */
export function platformNames(list: string | undefined, platforms: LocalPlatforms): readonly string[] {
  if (list === "none") return [];
  const names = list === undefined ? Object.keys(platforms) : list.split(",").map((name) => name.trim());
  for (const name of names) if (!(name in platforms)) throw new UnknownLocalPlatformError(name, platforms);
  return names;
}

/** Opens them. `routes` are what webhooks are handed to. */
export async function openLocalPlatforms(
  names: readonly string[],
  platforms: LocalPlatforms,
  routes: () => readonly HttpRoute[],
): Promise<readonly LocalDesk[]> {
  return await Promise.all(
    names.map(async (name) => {
      const open = await platforms[name]?.();
      if (open === undefined) throw new UnknownLocalPlatformError(name, platforms);
      const byWebhook = name === "whatsapp" || !(name in own) ? { webhook: { routes } } : {};
      const platform = await open({ accountName: ACCOUNT_NAME, ...byWebhook });
      const ann = platform.person("1001", "Ann");
      const bob = platform.person("1002", "Bob");
      const group = await platform.group?.("Harbour friends", [ann, bob]);
      return { platform, ann, group };
    }),
  );
}

/** The same configuration, its first bot on the local platforms as well. */
export function withLocalAccounts(loaded: LoadedConfig, accounts: readonly AccountConfig[]): LoadedConfig {
  const [first, ...others] = Object.entries(loaded.config.bots);
  if (first === undefined) return loaded;
  const [id, bot] = first;
  const bots = Object.fromEntries([[id, { ...bot, accounts: [...bot.accounts, ...accounts] }], ...others]);
  return { ...loaded, config: { ...loaded.config, bots } };
}
