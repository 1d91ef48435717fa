/** Telegram: by long polling or webhook, with topics, buttons, drafts, polls, reactions and files. */
import { defineAdapter } from "../../core/adapter-binding.ts";
import type { AccountConfig } from "../../core/bot.ts";
import type { Secret, SecretReference } from "../../core/config/index.ts";
import { connectTelegram } from "./connect.ts";
import { manifest } from "./manifest.ts";
import { normalizeTelegram } from "./normalize.ts";
import { probeTelegram } from "./probe.ts";
import { renderTelegram } from "./render.ts";
import type { TelegramInput } from "./settings.ts";
import { TelegramSettings } from "./settings.ts";

/** The adapter itself, for tests and for other factories. */
export const telegramAdapter = defineAdapter({
  manifest,
  configSchema: TelegramSettings,
  normalize: normalizeTelegram,
  render: renderTelegram,
  connect: connectTelegram,
  // A webhook may be answered by every process; a poller must be alone.
  connection: ({ webhook }) => (webhook === undefined ? "exclusive" : "shared"),
  probe: probeTelegram,
});

/** A bot on Telegram. The token comes from @BotFather: `telegram({ token: env("TELEGRAM_TOKEN") })`. */
export function telegram(
  options: Omit<TelegramInput, "token"> & {
    readonly token: Secret | SecretReference;
    readonly name?: string;
  },
): AccountConfig {
  const { name = "main", ...settings } = options;
  return { adapter: telegramAdapter, name, settings };
}
