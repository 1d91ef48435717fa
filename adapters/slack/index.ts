/** Slack as a platform: Socket Mode or signed HTTP events, Block Kit, streaming, threads, assistant chats, Home tab. */
import { defineAdapter } from "../../core/adapter-binding.ts";
import type { AccountConfig } from "../../core/bot.ts";
import type { SecretReference } from "../../core/config/index.ts";
import { connectSlack } from "./connect.ts";
import { manifest } from "./manifest.ts";
import { normalizeSlack } from "./normalize.ts";
import { probeSlack } from "./probe.ts";
import { renderSlack } from "./render.ts";
import { type SlackInput, SlackSettings } from "./settings.ts";

/** The adapter itself, for tests and for other factories. */
export const slackAdapter = defineAdapter({
  manifest,
  configSchema: SlackSettings,
  normalize: normalizeSlack,
  render: renderSlack,
  connect: connectSlack,
  probe: probeSlack,
});

/** A bot in one Slack workspace or many: `slack({ botToken: env("SLACK_BOT_TOKEN"), appToken: env("SLACK_APP_TOKEN") })`. */
export function slack(
  options: Omit<SlackInput, "botToken" | "appToken" | "signingSecret" | "configurationToken" | "oauth"> & {
    readonly botToken?: SecretReference;
    readonly appToken?: SecretReference;
    readonly signingSecret?: SecretReference;
    readonly configurationToken?: SecretReference;
    readonly oauth?: {
      readonly clientId: string;
      readonly clientSecret: SecretReference;
      readonly redirectUrl: string;
    };
    readonly name?: string;
  },
): AccountConfig {
  const { name = "main", ...settings } = options;
  return { adapter: slackAdapter, name, settings };
}
