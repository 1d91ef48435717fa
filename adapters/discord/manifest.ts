import type { AdapterManifest } from "../../adapter.ts";
import { ADAPTER_API_VERSION } from "../../adapter.ts";

/** Longest content of a message. Discord counts characters; UTF-16 units are never fewer. */
export const MAX_CONTENT = 2_000;
/** Largest file that every server takes; boosted servers take more. */
export const MAX_FILE_BYTES = 10 * 1024 * 1024;

export const manifest: AdapterManifest = {
  platform: "discord",
  apiVersion: ADAPTER_API_VERSION,
  displayName: "Discord",
  acknowledgement: "after-accept",
  connection: "exclusive",
  attachmentHosts: ["cdn.discordapp.com", "media.discordapp.net"],
  capabilities: {
    text: { maxLength: MAX_CONTENT, unit: "utf16", markup: "markdown" },
    choices: { max: 25, labelMaxLength: 80 },
    polls: false,
    ephemeral: true,
    edit: true,
    remove: true,
    react: true,
    // Shown for about ten seconds.
    typing: { refreshMs: 8_000 },
    // Five edits in five seconds for each channel, which the sends share.
    streaming: { style: "edits", minIntervalMs: 1_200 },
    threads: true,
    files: { maxBytes: MAX_FILE_BYTES },
    history: true,
    reconcile: false,
    // By nonce: a second send with the same one gives the first message.
    idempotentSend: true,
    rate: { perChatPerSecond: 1, perAccountPerSecond: 45 },
  },
};
