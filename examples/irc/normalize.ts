import type { Identity, Normalized } from "parleyjs/adapter";
import { z } from "zod";
import { nickOf, readLine } from "./line.ts";

const RawLine = z.string().max(8_191);

/** A `PRIVMSG` line is a message, in a channel or directly; everything else is the protocol's own talk. */
export function normalizeIrc(raw: unknown, { identity }: { readonly identity: Identity }): Normalized {
  const [ownNick = ""] = identity.userIds;
  const text = RawLine.safeParse(raw);
  const line = text.success ? readLine(text.data) : undefined;
  if (line === undefined) return { ignored: "not a line of IRC" };
  if (line.command !== "PRIVMSG") return { ignored: `${line.command} is no message` };
  const [target = "", words = ""] = line.parameters;
  const { msgid: messageId, time } = line.tags;
  if (messageId === undefined || time === undefined) {
    return { ignored: "the server gives messages no id (it lacks the IRCv3 message-tags capability)" };
  }
  const nick = nickOf(line);
  const direct = target.toLowerCase() === ownNick.toLowerCase();
  return {
    event: {
      type: "message",
      key: `message:${messageId}`,
      messageId,
      chat: direct ? { id: nick, type: "direct" } : { id: target, type: "group", title: target },
      user: { id: nick },
      ...(nick.toLowerCase() === ownNick.toLowerCase() ? { echo: true } : {}),
      timestamp: time,
      text: words,
      mentions: mentions(words, ownNick) ? [{ userId: ownNick, isSelf: true }] : [],
    },
  };
}

function mentions(words: string, nick: string): boolean {
  return nick !== "" && new RegExp(`(?:^|\\W)${nick}(?:\\W|$)`, "iu").test(words);
}
