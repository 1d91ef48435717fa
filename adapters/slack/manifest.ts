import { z } from "zod";
import type { AdapterManifest, CommandDefinition } from "../../adapter.ts";
import { ADAPTER_API_VERSION, cutText } from "../../adapter.ts";

/** Characters of a message's Markdown; Slack takes 12,000, and escaping may add some. */
const MAX_TEXT = 11_500;
/** Largest file that is sent or fetched: what the spool takes. */
const MAX_FILE_BYTES = 20 * 1024 * 1024;

/** Rights that the bot asks for at an installation, and that `parley doctor` looks for. */
export const SCOPES: readonly string[] = [
  "app_mentions:read assistant:write channels:history channels:read chat:write commands files:read files:write",
  "groups:history groups:read im:history im:read im:write mpim:history mpim:read reactions:read reactions:write",
].flatMap((line) => line.split(" "));

export const manifest: AdapterManifest = {
  platform: "slack",
  apiVersion: ADAPTER_API_VERSION,
  displayName: "Slack",
  acknowledgement: "after-accept",
  // Slack spreads events over up to ten sockets of an app, so a new process may connect before the old one leaves.
  connection: "shared",
  attachmentHosts: ["files.slack.com"],
  capabilities: {
    text: { maxLength: MAX_TEXT, unit: "utf16", markup: "markdown" },
    choices: { max: 25, labelMaxLength: 75 },
    polls: false,
    ephemeral: true,
    edit: true,
    remove: true,
    react: true,
    // The status of a thread goes out by itself after two minutes.
    typing: { refreshMs: 60_000 },
    streaming: { style: "edits", minIntervalMs: 1_000 },
    threads: true,
    files: { maxBytes: MAX_FILE_BYTES },
    history: true,
    // Each message carries its key as metadata, and history shows it.
    reconcile: true,
    idempotentSend: false,
    rate: { perChatPerSecond: 1, perAccountPerSecond: 20 },
  },
};

const AppManifest = z.object({
  features: z
    .object({
      slash_commands: z.array(z.object({ command: z.string(), url: z.string().optional() }).loose()).optional(),
    })
    .loose()
    .optional(),
  settings: z
    .object({
      socket_mode_enabled: z.boolean().optional(),
      interactivity: z.object({ request_url: z.string().optional() }).loose().optional(),
      event_subscriptions: z.object({ request_url: z.string().optional() }).loose().optional(),
    })
    .loose()
    .optional(),
});

/** The app's manifest with the bot's commands in it; undefined where they are in it already. Pure. */
export function withCommands(
  exported: unknown,
  commands: readonly CommandDefinition[],
  prefix: string,
): object | undefined {
  const app = AppManifest.loose().parse(exported);
  const { interactivity, event_subscriptions: events } = app.settings ?? {};
  const url = interactivity?.request_url ?? events?.request_url;
  const wanted = commands.map(({ name, description, argument }) => ({
    command: `/${prefix}${name}`,
    description: cutText(description, 100),
    ...(argument === undefined ? {} : { usage_hint: `[${argument.name}]` }),
    should_escape: false,
    ...(url === undefined || app.settings?.socket_mode_enabled === true ? {} : { url }),
  }));
  const known = app.features?.slash_commands ?? [];
  const same =
    known.length === wanted.length && wanted.every(({ command }) => known.some((one) => one.command === command));
  return same ? undefined : { ...app, features: { ...app.features, slash_commands: wanted } };
}
