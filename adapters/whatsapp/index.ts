/** WhatsApp by two transports: WhatsApp Web in a browser of its own, and the official Cloud API. */
import type { AccountConfig, AccountOptions } from "../../adapter.ts";
import { accountWith, defineAdapter } from "../../adapter.ts";
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
import { SESSIONS } from "./web/stored-session.ts";

/** Keys whose strings tell nothing of anybody; besides, the server of an id tells its kind. */
const SAFE: ReadonlySet<string> = new Set([
  "kind",
  "type",
  "change",
  "server",
  "object",
  "field",
  "messaging_product",
  "mime_type",
  "mimetype",
  "status",
]);
const safeParts = (text: string, key: string): readonly string[] =>
  SAFE.has(key) ? [text] : (text.match(/^(?:true|false)_|@(?:c|g)\.us|@lid/gu) ?? []);

/** The adapter over WhatsApp Web. */
export const whatsappWebAdapter = defineAdapter({
  manifest: webManifest,
  configSchema: WebSettings,
  packages: ["whatsapp-web.js", "qrcode-terminal"],
  files: [SESSIONS],
  normalize: normalizeWeb,
  render: renderForWeb,
  safeParts,
  connect: connectWeb,
  probe: probeWeb,
  addresses: () => [{ what: "browser", address: "https://web.whatsapp.com" }],
});

/** The adapter over the Cloud API. */
export const whatsappCloudAdapter = defineAdapter({
  manifest: cloudManifest,
  configSchema: CloudSettings,
  normalize: normalizeCloud,
  render: renderForCloud,
  safeParts,
  connect: connectCloud,
  // The Graph API names the address of each file: on a host of its own, or on the one that is called.
  attachmentHosts: ({ graphUrl }) => [...cloudManifest.attachmentHosts, new URL(graphUrl).host],
  probe: probeCloud,
  addresses: ({ graphUrl }) => [{ what: "Graph API", address: graphUrl }],
});

/** A bot on WhatsApp: on WhatsApp Web, or with `transport: "cloud"` on the official Cloud API. */
export function whatsapp(options: (CloudInput | WebInput) & AccountOptions): AccountConfig {
  const adapter = options.transport === "cloud" ? whatsappCloudAdapter : whatsappWebAdapter;
  return accountWith(adapter, options);
}
