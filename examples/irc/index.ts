/** IRC: lines over TCP, with the IRCv3 tags that give each message an id and a time. */
import { type AccountConfig, defineAdapter } from "parley/adapter";
import { connectIrc } from "./connect.ts";
import { manifest } from "./manifest.ts";
import { normalizeIrc } from "./normalize.ts";
import { renderIrc } from "./render.ts";
import { type IrcOptions, IrcSettings } from "./settings.ts";

export const adapter = defineAdapter({
  manifest,
  configSchema: IrcSettings,
  normalize: (raw, { settings }) => normalizeIrc(raw, settings.nick),
  render: renderIrc,
  connect: connectIrc,
});

/** An account for `bots.config.ts`: `irc({ host: "irc.libera.chat", nick: "harbour", channels: ["#harbour"] })`. */
export function irc({ name = "main", ...settings }: IrcOptions): AccountConfig {
  return { adapter, name, settings };
}
