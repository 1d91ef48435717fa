import { z } from "zod";
import type { Adapter } from "../../core/adapter.ts";
import { ADAPTER_API_VERSION } from "../../core/adapter.ts";

/** The smallest adapter that satisfies the contract: it hears nothing and sends into the void. */
export const quietAdapter: Adapter<unknown, string> = {
  manifest: {
    platform: "quiet",
    apiVersion: ADAPTER_API_VERSION,
    displayName: "Quiet",
    acknowledgement: "none",
    connection: "shared",
    attachmentHosts: [],
    capabilities: {
      text: { maxLength: 4_000, unit: "utf16", markup: "markdown" },
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
      rate: { perChatPerSecond: 1_000, perAccountPerSecond: 1_000 },
    },
  },
  configSchema: z.unknown(),
  normalize: () => ({ ignored: "this platform says nothing" }),
  render: (reply) => ({ parts: [reply.text], degraded: [] }),
  connect: async () => ({
    send: async () => ({ messageId: "quiet-1" }),
    health: () => ({ state: "live" as const, detail: "quiet" }),
    close: async () => {},
  }),
};
