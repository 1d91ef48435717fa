/** The web as a platform: a chat page, HTTP calls and a WebSocket, with streaming, buttons, citations and files. */
import type { AccountConfig, AccountOptions } from "../../adapter.ts";
import { accountWith, defineAdapter } from "../../adapter.ts";
import { connectWeb } from "./connect.ts";
import { manifest } from "./manifest.ts";
import { normalizeWeb } from "./normalize.ts";
import { renderWeb } from "./render.ts";
import type { WebInput } from "./settings.ts";
import { WebSettings } from "./settings.ts";

/** The adapter itself, for tests and for other factories. */
export const webAdapter = defineAdapter({
  manifest,
  configSchema: WebSettings,
  normalize: normalizeWeb,
  safeParts: (text, key) => (key === "type" ? [text] : (text.match(/^\/\w+/u) ?? [])),
  render: renderWeb,
  connect: connectWeb,
});

/** A bot on a web page and over HTTP, on the gateway's address. */
export function web(options: WebInput & AccountOptions = {}): AccountConfig {
  return accountWith(webAdapter, options);
}
