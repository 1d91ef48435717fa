/** What each platform can do, as a table made from the manifests. */
import { consoleAdapter } from "../../adapters/console/index.ts";
import { discordAdapter } from "../../adapters/discord/index.ts";
import { slackAdapter } from "../../adapters/slack/index.ts";
import { telegramAdapter } from "../../adapters/telegram/index.ts";
import { webAdapter } from "../../adapters/web/index.ts";
import { whatsappCloudAdapter, whatsappWebAdapter } from "../../adapters/whatsapp/index.ts";
import type { AdapterManifest, Capabilities } from "../../core/adapter.ts";

const manifests: readonly AdapterManifest[] = [
  consoleAdapter,
  webAdapter,
  discordAdapter,
  telegramAdapter,
  slackAdapter,
  whatsappWebAdapter,
  whatsappCloudAdapter,
].map(({ manifest }) => manifest);

const yes = (declared: boolean): string => (declared ? "yes" : "–");
const rows: readonly (readonly [
  label: string,
  tell: (capabilities: Capabilities, manifest: AdapterManifest) => string,
])[] = [
  ["longest message", ({ text }) => `${text.maxLength} ${text.unit === "utf16" ? "characters" : text.unit}`],
  ["markup", ({ text }) => text.markup],
  ["buttons", ({ choices }) => (choices.max === 0 ? "–" : `${choices.max}, labels to ${choices.labelMaxLength}`)],
  ["polls", ({ polls }) => yes(polls)],
  ["shown to one person", ({ ephemeral }) => yes(ephemeral)],
  ["edits", ({ edit }) => yes(edit)],
  ["deletes", ({ remove }) => yes(remove)],
  ["reactions", ({ react }) => yes(react)],
  ["typing", ({ typing }) => (typing === false ? "–" : `every ${typing.refreshMs / 1000} s`)],
  ["streaming", ({ streaming }) => streamingOf(streaming)],
  ["threads", ({ threads }) => yes(threads)],
  ["files", ({ files }) => (files === false ? "–" : `to ${Math.round(files.maxBytes / 1_048_576)} MB`)],
  ["same send twice is dropped", ({ idempotentSend }) => yes(idempotentSend)],
  ["an unclear send can be looked up", ({ reconcile }) => yes(reconcile)],
  ["messages a second (chat, account)", ({ rate }) => `${rate.perChatPerSecond}, ${rate.perAccountPerSecond}`],
  ["acknowledged", (_, { acknowledgement }) => acknowledgement],
  ["connected by", (_, { connection }) => (connection === "exclusive" ? "one process at a time" : "every process")],
];

/** GitHub Markdown. */
export function limitsTable(): string {
  const cells = (values: readonly string[]): string => `| ${values.join(" | ")} |`;
  return [
    cells(["", ...manifests.map(({ displayName }) => displayName)]),
    cells(["---", ...manifests.map(() => "---")]),
    ...rows.map(([label, tell]) =>
      cells([label, ...manifests.map((manifest) => tell(manifest.capabilities, manifest).replaceAll("|", "\\|"))]),
    ),
  ].join("\n");
}

function streamingOf(streaming: Capabilities["streaming"]): string {
  if (streaming === false) return "–";
  return streaming.style === "native" ? "native" : `${streaming.style}, every ${streaming.minIntervalMs / 1000} s`;
}
