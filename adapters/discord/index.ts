/** Discord as a platform: servers, threads, direct messages, slash commands, buttons, embeds. */
import type { AccountConfig, AccountOptions } from "../../adapter.ts";
import { accountWith, defineAdapter } from "../../adapter.ts";
import { connectDiscord } from "./connect.ts";
import { manifest } from "./manifest.ts";
import { normalizeDiscord } from "./normalize.ts";
import { probeDiscord } from "./probe.ts";
import { renderDiscord } from "./render.ts";
import { type DiscordInput, DiscordSettings } from "./settings.ts";

/** Keys of dispatches whose strings tell nothing of anybody. */
const SAFE: ReadonlySet<string> = new Set(["t", "locale", "content_type"]);

/** The adapter itself, for tests and for other factories. */
export const discordAdapter = defineAdapter({
  manifest,
  configSchema: DiscordSettings,
  packages: ["discord.js"],
  normalize: normalizeDiscord,
  render: renderDiscord,
  safeParts: (text, key) => (SAFE.has(key) ? [text] : (/^(?:choice|menu|ask)(?=\|)/u.exec(text) ?? [])),
  connect: connectDiscord,
  attachmentHosts: ({ cdnUrl }) => (cdnUrl === undefined ? manifest.attachmentHosts : [new URL(cdnUrl).host]),
  probe: probeDiscord,
  addresses: ({ apiUrl }) => [
    { what: "API", address: apiUrl },
    { what: "gateway", address: "wss://gateway.discord.gg" },
  ],
});

/** A bot on Discord: `discord({ token: env("DISCORD_TOKEN") })`. */
export function discord(options: DiscordInput & AccountOptions): AccountConfig {
  return accountWith(discordAdapter, options);
}
