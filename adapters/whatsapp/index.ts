/** WhatsApp by two transports: WhatsApp Web in a browser of its own, and the official Cloud API. */
import { defineAdapter } from "../../core/adapter-binding.ts";
import type { AccountConfig } from "../../core/bot.ts";
import { connectCloud } from "./cloud/connect.ts";
import { normalizeCloud } from "./cloud/normalize.ts";
import { probeCloud } from "./cloud/probe.ts";
import { cloudManifest, webManifest } from "./manifest.ts";
import { renderForCloud, renderForWeb } from "./render.ts";
import type { CloudInput, WebInput } from "./settings.ts";
import { CloudSettings, WebSettings } from "./settings.ts";
import { connectWeb } from "./web/connect.ts";
import { normalizeWeb } from "./web/normalize.ts";
import { probeWeb } from "./web/probe.ts";

/** The adapter over WhatsApp Web. */
export const whatsappWebAdapter = defineAdapter({
  manifest: webManifest,
  configSchema: WebSettings,
  normalize: normalizeWeb,
  render: renderForWeb,
  connect: connectWeb,
  probe: probeWeb,
});

/** The adapter over the Cloud API. */
export const whatsappCloudAdapter = defineAdapter({
  manifest: cloudManifest,
  configSchema: CloudSettings,
  normalize: normalizeCloud,
  render: renderForCloud,
  connect: connectCloud,
  probe: probeCloud,
});

/** A bot on WhatsApp: on WhatsApp Web, or with `transport: "cloud"` on the official Cloud API. */
export function whatsapp(options: (CloudInput | WebInput) & { readonly name?: string }): AccountConfig {
  const { name = "main", ...settings } = options;
  const adapter = settings.transport === "cloud" ? whatsappCloudAdapter : whatsappWebAdapter;
  return { adapter, name, settings };
}
