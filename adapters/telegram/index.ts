/** Telegram: by long polling or webhook, with topics, buttons, drafts, polls, reactions and files. */
import type { AccountConfig, AccountOptions } from "../../adapter.ts";
import { accountWith, defineAdapter } from "../../adapter.ts";
import { connectTelegram } from "./connect.ts";
import { manifest } from "./manifest.ts";
import { normalizeTelegram } from "./normalize.ts";
import { probeTelegram } from "./probe.ts";
import { renderTelegram } from "./render.ts";
import type { TelegramInput } from "./settings.ts";
import { TelegramSettings } from "./settings.ts";

/** Keys of updates whose strings tell nothing of anybody. */
const SAFE: ReadonlySet<string> = new Set(["type", "status", "mime_type", "language_code"]);

/** The adapter itself, for tests and for other factories. */
export const telegramAdapter = defineAdapter({
  manifest,
  configSchema: TelegramSettings,
  packages: ["grammy"],
  normalize: normalizeTelegram,
  render: renderTelegram,
  safeParts: (text, key) => (SAFE.has(key) ? [text] : (text.match(/^\/\w+/u) ?? [])),
  connect: connectTelegram,
  // A webhook may be answered by every process; a poller must be alone.
  connection: ({ webhook }) => (webhook === undefined ? "exclusive" : "gateway"),
  // Of the Bot API, or of a server of it on this machine.
  attachmentHosts: ({ apiRoot }) => [new URL(apiRoot).host],
  probe: probeTelegram,
  addresses: ({ apiRoot }) => [{ what: "Bot API", address: apiRoot }],
});

/** A bot on Telegram. The token comes from @BotFather: `telegram({ token: env("TELEGRAM_TOKEN") })`. */
export function telegram(options: TelegramInput & AccountOptions): AccountConfig {
  return accountWith(telegramAdapter, options);
}
