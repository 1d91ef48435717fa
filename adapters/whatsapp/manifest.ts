import type { AdapterManifest, Capabilities } from "../../adapter.ts";
import { ADAPTER_API_VERSION } from "../../adapter.ts";
import { INTERACTIVE, MAX_TEXT } from "./render.ts";

const platform = { platform: "whatsapp", apiVersion: ADAPTER_API_VERSION } as const;

const shared = {
  text: { maxLength: MAX_TEXT, unit: "utf16", markup: "markdown" },
  ephemeral: false,
  react: true,
  // Shown for up to 25 seconds.
  typing: { refreshMs: 20_000 },
  // Edits of every step would show "edited" and ring again: WhatsApp's way is typing, then the answer.
  streaming: false,
  threads: false,
  history: false,
  reconcile: true,
  idempotentSend: false,
} as const satisfies Partial<Capabilities>;

/** WhatsApp Web. Nobody publishes its limits; who writes faster than a person risks the number. */
export const webManifest: AdapterManifest = {
  ...platform,
  displayName: "WhatsApp",
  acknowledgement: "none",
  connection: "exclusive",
  // Where WhatsApp's own page fetches media from; the bot's process opens no address itself.
  attachmentHosts: ["mmg.whatsapp.net"],
  capabilities: {
    ...shared,
    choices: { max: 0, labelMaxLength: 0 },
    polls: true,
    edit: true,
    remove: true,
    files: { maxBytes: 64 * 1024 * 1024 },
    rate: { perChatPerSecond: 2, perAccountPerSecond: 5 },
  },
};

/** The official Cloud API: 80 messages a second for a number, one in six seconds to one person (with bursts). */
export const cloudManifest: AdapterManifest = {
  ...platform,
  displayName: "WhatsApp (Cloud API)",
  acknowledgement: "after-accept",
  connection: "gateway",
  attachmentHosts: ["lookaside.fbsbx.com", "graph.facebook.com"],
  capabilities: {
    ...shared,
    choices: { max: INTERACTIVE.rows, labelMaxLength: INTERACTIVE.rowTitle },
    polls: false,
    edit: false,
    remove: false,
    files: { maxBytes: 100 * 1024 * 1024 },
    rate: { perChatPerSecond: 2, perAccountPerSecond: 80 },
  },
};
