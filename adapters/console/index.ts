/** The terminal as a platform: history, streaming, choices by arrow keys or number, NO_COLOR. */
import type { AccountConfig, AccountOptions } from "../../adapter.ts";
import { accountWith, defineAdapter } from "../../adapter.ts";
import { connectConsole } from "./connect.ts";
import { manifest } from "./manifest.ts";
import { normalizeConsole } from "./normalize.ts";
import { renderConsole } from "./render.ts";
import type { ConsoleInput } from "./settings.ts";
import { ConsoleSettings } from "./settings.ts";

/** The adapter itself, for tests and for other factories. */
export const consoleAdapter = defineAdapter({
  manifest,
  configSchema: ConsoleSettings,
  normalize: normalizeConsole,
  safeParts: (text, key) => (key === "type" ? [text] : (text.match(/^\/\w+/u) ?? [])),
  render: renderConsole,
  connect: connectConsole,
  probe: async () => [
    {
      name: "console",
      status: "ok" as const,
      detail: process.stdin.isTTY ? "this is a terminal" : "no terminal here: the account stays quiet",
    },
  ],
});

/** A bot in the terminal that started it. */
export function consoleChat(options: ConsoleInput & AccountOptions = {}): AccountConfig {
  return accountWith(consoleAdapter, options);
}
