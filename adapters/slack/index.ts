/** Slack as a platform: Socket Mode or signed HTTP events, Block Kit, streaming, threads, assistant chats, Home tab. */
import type { AccountConfig, AccountOptions } from "../../adapter.ts";
import { accountWith, defineAdapter } from "../../adapter.ts";
import { connectSlack } from "./connect.ts";
import { manifest } from "./manifest.ts";
import { normalizeSlack } from "./normalize.ts";
import { probeSlack } from "./probe.ts";
import { renderSlack } from "./render.ts";
import { isLocal, type SlackInput, SlackSettings } from "./settings.ts";

/** Keys of bodies whose strings tell nothing of anybody; besides, the letter that an id begins with tells its kind. */
const SAFE: ReadonlySet<string> = new Set(["type", "subtype", "channel_type", "mimetype", "mode"]);

/** The adapter itself, for tests and for other factories. */
export const slackAdapter = defineAdapter({
  manifest,
  configSchema: SlackSettings,
  packages: ["@slack/web-api", "@slack/socket-mode"],
  normalize: normalizeSlack,
  render: renderSlack,
  safeParts: (text, key) =>
    SAFE.has(key) ? [text] : (/^(?:[A-Z](?=[A-Z0-9]{4,}$)|\/\w+|choices?(?=:|$))/u.exec(text) ?? []),
  connect: connectSlack,
  connection: ({ appToken }) => (appToken === undefined ? "gateway" : "shared"),
  attachmentHosts: (settings) => (isLocal(settings) ? [new URL(settings.apiUrl).host] : manifest.attachmentHosts),
  probe: probeSlack,
  addresses: ({ apiUrl, appToken }) => [
    { what: "Web API", address: apiUrl },
    ...(appToken === undefined ? [] : [{ what: "Socket Mode", address: "wss://wss-primary.slack.com" }]),
  ],
});

/** A bot in one Slack workspace or many: `slack({ botToken: env("SLACK_BOT_TOKEN"), appToken: env("SLACK_APP_TOKEN") })`. */
export function slack(options: SlackInput & AccountOptions): AccountConfig {
  return accountWith(slackAdapter, options);
}
