/** WhatsApp by two transports: WhatsApp Web in a browser of its own, and the official Cloud API. */
import { defineAdapter } from "../../core/adapter-binding.ts";
import type { AccountConfig } from "../../core/bot.ts";
import { connectCloud } from "./cloud/connect.ts";
import { normalizeCloud } from "./cloud/normalize.ts";
import { probeCloud } from "./cloud/probe.ts";
import { cloudManifest } from "./manifest.ts";
import { renderForCloud } from "./render.ts";
import type { CloudInput } from "./settings.ts";
import { CloudSettings } from "./settings.ts";

/** The adapter over the Cloud API. */
export const whatsappCloudAdapter = defineAdapter({
  manifest: cloudManifest,
  configSchema: CloudSettings,
  normalize: normalizeCloud,
  render: renderForCloud,
  connect: connectCloud,
  probe: probeCloud,
});

/** A bot on WhatsApp. */
export function whatsapp(options: CloudInput & { readonly name?: string }): AccountConfig {
  const { name = "main", ...settings } = options;
  return { adapter: whatsappCloudAdapter, name, settings };
}
