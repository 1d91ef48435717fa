/** IRC: lines over TCP, with the IRCv3 tags that give each message an id and a time. */
import { type AccountConfig, type AccountOptions, accountWith, defineAdapter } from "parleyjs/adapter";
import { connectIrc } from "./connect.ts";
import { manifest } from "./manifest.ts";
import { normalizeIrc } from "./normalize.ts";
import { renderIrc } from "./render.ts";
import { type IrcInput, IrcSettings } from "./settings.ts";

export const adapter = defineAdapter({
  manifest,
  configSchema: IrcSettings,
  normalize: normalizeIrc,
  render: renderIrc,
  // What the protocol itself says; ids, nicks and words are masked in recorded fixtures.
  safeParts: (text) => /^(@msgid)=\S+?(;time=[^ ]+) \S+ (PRIVMSG) /u.exec(text)?.slice(1) ?? [],
  connect: connectIrc,
});

/** An account for `bots.config.ts`: `irc({ host: "irc.libera.chat", nick: "harbour", channels: ["#harbour"] })`. */
export function irc(options: IrcInput & AccountOptions): AccountConfig {
  return accountWith(adapter, options);
}
