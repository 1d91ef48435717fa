/** The web as a platform: a chat page, HTTP calls and a WebSocket, with streaming, buttons, citations and files. */
import type { AccountConfig } from "../../core/bot.ts";
import { defineAdapter } from "../../core/adapter-binding.ts";
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
  render: renderWeb,
  connect: connectWeb,
});

/** A bot on a web page and over HTTP, on the gateway's address. */
export function web(options: WebInput & { readonly name?: string } = {}): AccountConfig {
  const { name = "main", ...settings } = options;
  return { adapter: webAdapter, name, settings };
}
