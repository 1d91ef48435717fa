import type { AdapterManifest } from "../../adapter.ts";
import { ADAPTER_API_VERSION } from "../../adapter.ts";

/** Largest file that may be uploaded: what the spool takes. */
export const MAX_FILE_BYTES = 20 * 1024 * 1024;

export const manifest: AdapterManifest = {
  platform: "web",
  apiVersion: ADAPTER_API_VERSION,
  displayName: "Web",
  acknowledgement: "after-accept",
  connection: "gateway",
  attachmentHosts: [],
  capabilities: {
    text: { maxLength: 1_000_000, unit: "utf16", markup: "html" },
    choices: { max: 25, labelMaxLength: 200 },
    polls: false,
    ephemeral: false,
    edit: false,
    remove: false,
    react: false,
    typing: false,
    streaming: { style: "native" },
    threads: false,
    files: { maxBytes: MAX_FILE_BYTES },
    history: true,
    reconcile: false,
    // A reply is known by its id: the session's channel and the page drop a second one.
    idempotentSend: true,
    rate: { perChatPerSecond: 1_000, perAccountPerSecond: 10_000 },
  },
};
