import type { AdapterManifest } from "../../adapter.ts";
import { ADAPTER_API_VERSION } from "../../adapter.ts";

export const manifest: AdapterManifest = {
  platform: "console",
  apiVersion: ADAPTER_API_VERSION,
  displayName: "Terminal",
  acknowledgement: "none",
  // Two terminals on one account would each get half of the answers.
  connection: "exclusive",
  attachmentHosts: [],
  capabilities: {
    text: { maxLength: 100_000, unit: "utf16", markup: "ansi" },
    choices: { max: 25, labelMaxLength: 200 },
    polls: false,
    ephemeral: false,
    edit: false,
    remove: false,
    react: false,
    typing: { refreshMs: 60_000 },
    streaming: { style: "native" },
    threads: false,
    files: { maxBytes: 100 * 1024 * 1024 },
    history: true,
    reconcile: false,
    idempotentSend: false,
    rate: { perChatPerSecond: 1_000, perAccountPerSecond: 1_000 },
  },
};
