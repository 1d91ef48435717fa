import type { AdapterManifest } from "../../adapter.ts";
import { ADAPTER_API_VERSION } from "../../adapter.ts";

/** Longest caption of a file, in UTF-16 units. */
export const MAX_CAPTION_LENGTH = 1_024;
/** Telegram keeps the first 100 entities of a message and drops the formatting of the rest. */
export const MAX_ENTITIES = 100;
/** Largest file that a bot may download. It may upload up to 50 MB. */
export const MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024;

/** Source of the numbers: https://core.telegram.org/bots/api and https://core.telegram.org/bots/faq. */
export const manifest: AdapterManifest = {
  platform: "telegram",
  apiVersion: ADAPTER_API_VERSION,
  displayName: "Telegram",
  acknowledgement: "on-offset",
  connection: "exclusive",
  attachmentHosts: ["api.telegram.org"],
  capabilities: {
    // Counted after entities were parsed. UTF-16 units are never fewer than what Telegram counts.
    text: { maxLength: 4_096, unit: "utf16", markup: "html" },
    choices: { max: 25, labelMaxLength: 64 },
    polls: true,
    ephemeral: true,
    edit: true,
    remove: true,
    react: true,
    // Shown for 5 s.
    typing: { refreshMs: 4_000 },
    streaming: { style: "edits", minIntervalMs: 1_500 },
    threads: true,
    files: { maxBytes: 50 * 1024 * 1024 },
    history: false,
    reconcile: false,
    idempotentSend: false,
    rate: { perChatPerSecond: 1, perAccountPerSecond: 30 },
  },
};
