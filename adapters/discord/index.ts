/** Discord as a platform: servers, threads, direct messages, slash commands, buttons, embeds. */
import type { AccountConfig } from "../../core/bot.ts";
import { defineAdapter } from "../../core/adapter-binding.ts";
import type { SecretReference } from "../../core/config/index.ts";
import { connectDiscord } from "./connect.ts";
import { manifest } from "./manifest.ts";
import { normalizeDiscord } from "./normalize.ts";
import { probeDiscord } from "./probe.ts";
import { renderDiscord } from "./render.ts";
import { type DiscordInput, DiscordSettings } from "./settings.ts";

/** The adapter itself, for tests and for other factories. */
export const discordAdapter = defineAdapter({
  manifest,
  configSchema: DiscordSettings,
  normalize: normalizeDiscord,
  render: renderDiscord,
  connect: connectDiscord,
  probe: probeDiscord,
});

/** A bot on Discord: `discord({ token: env("DISCORD_TOKEN") })`. */
export function discord(
  options: Omit<DiscordInput, "token"> & { readonly token: SecretReference; readonly name?: string },
): AccountConfig {
  const { name = "main", ...settings } = options;
  return { adapter: discordAdapter, name, settings };
}
