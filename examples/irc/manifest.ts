import { ADAPTER_API_VERSION, type AdapterManifest } from "parleyjs/adapter";

/** A line has 512 bytes with its prefix; this leaves room for the longest one. */
export const MAX_LINE_BYTES = 400;

export const manifest: AdapterManifest = {
  platform: "irc",
  apiVersion: ADAPTER_API_VERSION,
  displayName: "IRC",
  acknowledgement: "none",
  connection: "exclusive",
  attachmentHosts: [],
  capabilities: {
    text: { maxLength: MAX_LINE_BYTES, unit: "bytes", markup: "none" },
    choices: { max: 0, labelMaxLength: 0 },
    polls: false,
    ephemeral: false,
    edit: false,
    remove: false,
    react: false,
    typing: false,
    streaming: false,
    threads: false,
    files: false,
    history: false,
    reconcile: false,
    idempotentSend: false,
    rate: { perChatPerSecond: 2, perAccountPerSecond: 4 },
  },
};
